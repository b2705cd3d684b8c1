namespace ClientSideLb.Tests.Functional;

/// <summary>A stream of a given length that is generated while it is read. It does not repeat within the lengths that the tests use.</summary>
internal sealed class PatternStream(long length, Gate? gate = null) : Stream
{
    /// <summary>The number of bytes of a stream with a gate that can be read before the gate is open.</summary>
    internal const int HoldAt = 1 << 20;

    private static readonly byte[] Block = CreateBlock();

    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (gate is not null && _position >= HoldAt)
        {
            await gate.HoldAsync(cancellationToken);
        }

        return Read(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // The stream repeats a random block, each time shifted by one more byte.
    public override int Read(Span<byte> buffer)
    {
        var (round, offset) = Math.DivRem(_position, Block.Length);
        var start = (int)((offset + round) % Block.Length);
        var limit = gate is not null && _position < HoldAt ? HoldAt : length;
        var count = (int)Math.Min(Math.Min(buffer.Length, limit - _position), Math.Min(Block.Length - start, Block.Length - offset));
        Block.AsSpan(start, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static byte[] CreateBlock()
    {
        var block = new byte[65_537];
        new Random(Seed: 1).NextBytes(block);
        return block;
    }
}
