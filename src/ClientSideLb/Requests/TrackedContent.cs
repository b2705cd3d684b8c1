using System.Net;

namespace ClientSideLb;

/// <summary>
/// A response's content that releases the request's lease when it has been read to its end, disposed, failed or cancelled, or
/// when a caller that abandoned it has let it go.
/// </summary>
internal sealed class TrackedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly EndpointLease _lease;

    private TrackedContent(HttpContent inner, EndpointLease lease)
    {
        _inner = inner;
        _lease = lease;
        foreach (var (name, values) in inner.Headers.NonValidated)
        {
            if (values.Count == 1)
            {
                Headers.TryAddWithoutValidation(name, values.ToString());
            }
            else
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }
    }

    // Response and content may be dropped without a word: the collector is then the only one to notice.
    ~TrackedContent() => _lease.Release();

    /// <summary>Makes the lease last as long as the response's body; where there is no body, it ends now.</summary>
    internal static void Track(HttpResponseMessage response, HttpRequestMessage request, EndpointLease lease)
    {
        if (HasBody(response, request))
        {
            response.Content = new TrackedContent(response.Content, lease);
        }
        else
        {
            lease.Release();
        }
    }

    internal void Release()
    {
        _lease.Release();
#pragma warning disable CA1816 // The finalizer has nothing else to do, so its work is done here and not only in Dispose.
        GC.SuppressFinalize(this);
#pragma warning restore CA1816
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            _inner.CopyTo(stream, context, cancellationToken);
        }
        finally
        {
            Release();
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            await _inner.CopyToAsync(stream, context, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Release();
        }
    }

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new TrackedStream(_inner.ReadAsStream(cancellationToken), this);

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new TrackedStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), this);

    protected override bool TryComputeLength(out long length)
    {
        var known = _inner.Headers.ContentLength;
        length = known ?? 0;
        return known is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                _inner.Dispose();
            }
            finally
            {
                Release();
            }
        }

        base.Dispose(disposing);
    }

    // RFC 9110, section 6.4.1. What answers 101 or CONNECT is a connection, whatever its length header says.
    private static bool HasBody(HttpResponseMessage response, HttpRequestMessage request) =>
        response.StatusCode == HttpStatusCode.SwitchingProtocols
        || request.Method == HttpMethod.Connect
        || (request.Method != HttpMethod.Head
            && response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified)
            && response.Content.Headers.ContentLength != 0);
}
