namespace ClientSideLb.Tests;

/// <summary>A stream that fails on each write.</summary>
/// <param name="later">Whether an asynchronous write begins well, and fails only when it is awaited, as a write to a disk or to a socket does.</param>
internal sealed class FullDisk(bool later = false) : MemoryStream
{
    /// <summary>Gets what each write fails with.</summary>
    internal IOException Fault { get; } = new("There is no space left.");

    public override void Write(byte[] buffer, int offset, int count) => throw Fault;

    public override void Write(ReadOnlySpan<byte> buffer) => throw Fault;

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        later ? FailLaterAsync() : throw Fault;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        later ? new ValueTask(FailLaterAsync()) : throw Fault;

    private async Task FailLaterAsync()
    {
        await Task.Yield();
        throw Fault;
    }
}
