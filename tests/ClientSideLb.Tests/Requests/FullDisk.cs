namespace ClientSideLb.Tests;

/// <summary>A stream that fails on each write.</summary>
internal sealed class FullDisk : MemoryStream
{
    public override void Write(byte[] buffer, int offset, int count) => throw new IOException("There is no space left.");

    public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("There is no space left.");

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        throw new IOException("There is no space left.");

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        throw new IOException("There is no space left.");
}
