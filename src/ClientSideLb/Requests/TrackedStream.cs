namespace ClientSideLb.Requests;

/// <summary>The stream of a <see cref="TrackedContent"/>. If the connection has been upgraded, it can also be written to.</summary>
internal sealed class TrackedStream(Stream inner, TrackedContent content) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanTimeout => inner.CanTimeout;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int ReadTimeout
    {
        get => inner.ReadTimeout;
        set => inner.ReadTimeout = value;
    }

    public override int WriteTimeout
    {
        get => inner.WriteTimeout;
        set => inner.WriteTimeout = value;
    }

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = inner.Read(buffer);
        }
        catch (Exception failure)
        {
            content.Fail(failure, CancellationToken.None);
            throw;
        }

        return Observe(read, buffer.Length);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int ReadByte()
    {
        byte single = 0;
        return Read(new Span<byte>(ref single)) == 0 ? -1 : single;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> reading;
        try
        {
            reading = inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception failure)
        {
            content.Fail(failure, cancellationToken);
            throw;
        }

        return reading.IsCompletedSuccessfully
            ? new ValueTask<int>(Observe(reading.Result, buffer.Length))
            : ObserveAsync(reading, buffer.Length, content.GetTimestamp(), cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    public override void CopyTo(Stream destination, int bufferSize)
    {
        ValidateCopyToArguments(destination, bufferSize);
        var target = content.CreateDestination(destination);
        try
        {
            inner.CopyTo(target, bufferSize);
            content.End();
        }
        catch (Exception failure) when (!target.HasFailed)
        {
            content.Fail(failure, CancellationToken.None);
            throw;
        }
        finally
        {
            content.Release();
        }
    }

    public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        var target = content.CreateDestination(destination);
        Task copy;
        try
        {
            copy = inner.CopyToAsync(target, bufferSize, cancellationToken);
        }
        catch (Exception failure)
        {
            copy = Task.FromException(failure);
        }

        return content.Observe(copy, target, cancellationToken);
    }

    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void WriteByte(byte value) => inner.WriteByte(value);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        inner.BeginWrite(buffer, offset, count, callback, state);

    public override void EndWrite(IAsyncResult asyncResult) => inner.EndWrite(asyncResult);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    public override async ValueTask DisposeAsync()
    {
        content.Release();
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Release();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    // A read into an empty buffer waits for data and returns 0. That does not mean the end of the body.
    private int Observe(int read, int asked)
    {
        if (read == 0 && asked > 0)
        {
            content.End();
        }
        else if (read > 0)
        {
            content.ObserveBytes();
        }

        return read;
    }

    private async ValueTask<int> ObserveAsync(ValueTask<int> reading, int asked, long began, CancellationToken cancellationToken)
    {
        int read;
        try
        {
            read = await reading.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            content.Fail(failure, cancellationToken, content.GetTimestamp() - began);
            throw;
        }

        return Observe(read, asked);
    }
}
