namespace ClientSideLb.Tests;

/// <summary>
/// The body of a response, in memory. It gives a few bytes at a time, and may fail or hang after them. If it hangs, its disposal breaks off
/// the read.
/// </summary>
internal sealed class TestBody(int length, Exception? fault = null, bool hangs = false) : Stream
{
    private const int Portion = 7;

    private readonly TaskCompletionSource _closed = new();
    private int _given;

    internal int Disposals { get; private set; }

    internal MemoryStream Written { get; } = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(Math.Min(Portion, length - _given), buffer.Length);
        if (count == 0 && buffer.Length > 0 && fault is not null)
        {
            throw fault;
        }

        buffer[..count].Fill((byte)'x');
        _given += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (hangs && _given == length)
        {
            await _closed.Task.WaitAsync(cancellationToken);
        }

        await Task.Yield();
        return Read(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Written.Write(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Disposals++;
        _closed.TrySetException(new IOException("The connection was closed."));
        base.Dispose(disposing);
    }
}
