namespace ClientSideLb.Requests;

/// <summary>
/// A stream that content is copied to. It remembers whether writing to the inner stream, or flushing it, failed. That is not a failure of the content.
/// </summary>
internal abstract class CopyDestination(Stream inner) : Stream
{
    internal bool HasFailed { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
            OnWritten();
        }
        catch
        {
            HasFailed = true;
            throw;
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var write = inner.WriteAsync(buffer, cancellationToken);
            if (!write.IsCompletedSuccessfully)
            {
                return ObserveAsync(write);
            }

            OnWritten();
            return write;
        }
        catch
        {
            HasFailed = true;
            throw;
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch
        {
            HasFailed = true;
            throw;
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            HasFailed = true;
            throw;
        }
    }

    /// <summary>Called after each write that succeeded.</summary>
    protected abstract void OnWritten();

    private async ValueTask ObserveAsync(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
            OnWritten();
        }
        catch
        {
            HasFailed = true;
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
