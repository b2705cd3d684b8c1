using System.Net;

namespace ClientSideLb.Benchmarks.Minimal;

/// <summary>The content of a response that counts in flight until it has been copied or disposed of, which is all that the load does with it.</summary>
internal sealed class MinimalContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly MinimalEndpoint _endpoint;
    private int _ended;

    internal MinimalContent(HttpContent inner, MinimalEndpoint endpoint)
    {
        _inner = inner;
        _endpoint = endpoint;
        foreach (var (name, values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values.ToString());
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var copy = _inner.CopyToAsync(stream, context, cancellationToken);
        if (!copy.IsCompletedSuccessfully)
        {
            return EndAsync(copy);
        }

        End();
        return copy;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            End();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task EndAsync(Task copy)
    {
        try
        {
            await copy.ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    private void End()
    {
        if (Volatile.Read(ref _ended) == 0 && Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _endpoint.RemoveInFlight();
        }
    }
}
