using System.Net;
using System.Net.Http.Headers;
using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>
/// A response's content that releases the request's lease when it has been read to its end, disposed, failed or cancelled, or
/// when a caller that abandoned it has let it go. What the endpoint did not send to its end counts as its failure.
/// </summary>
internal sealed class TrackedContent : HttpContent
{
    private const string ContentLength = "Content-Length";
    private const string ContentType = "Content-Type";

    // What a response has that was given no content.
    private static readonly Type NoContent = GetNoContent();

    private readonly HttpContent _inner;
    private readonly HttpRequestMessage _request;
    private readonly EndpointLease _lease;
    private readonly Route? _observer;
    private BodyWatch? _watch;

    private TrackedContent(HttpContent inner, long? length, HttpRequestMessage request, EndpointLease lease, Route? observer)
    {
        _inner = inner;
        _request = request;
        _lease = lease;
        _observer = observer;
        _watch = BodyWatch.Begin(lease);
        Copy(inner.Headers.NonValidated, length);
    }

    /// <summary>Makes the lease last as long as the response's body; where there is no body, it ends now.</summary>
    /// <param name="response">The response.</param>
    /// <param name="request">The request that it answers.</param>
    /// <param name="lease">The request's lease.</param>
    /// <param name="observer">The request's route, if its cluster is to learn how the body ended.</param>
    internal static void Track(HttpResponseMessage response, HttpRequestMessage request, EndpointLease lease, Route? observer)
    {
        if (IsConnection(response, request))
        {
            // It ends in any way that its two sides like, which says nothing of the endpoint.
            response.Content = new TrackedContent(response.Content, LengthOf(response.Content.Headers), request, lease, observer: null);
        }
        else if (MayHaveBody(response, request) && LengthOf(response.Content.Headers) is not 0 and var length)
        {
            response.Content = new TrackedContent(response.Content, length, request, lease, observer);
        }
        else
        {
            lease.Release();
        }
    }

    /// <summary>Ends the lease: nobody reads on, for whatever reason.</summary>
    /// <returns>Whether the lease had not ended before.</returns>
    internal bool Release()
    {
        if (!_lease.Release())
        {
            return false;
        }

        _watch!.End();

        // From here on another body may have it.
        _watch = null;
        return true;
    }

    /// <summary>Ends the lease, for the body has been read to its end.</summary>
    internal void End()
    {
        if (Release())
        {
            _observer?.Cluster!.ObserveBody(_lease, AttemptVerdict.Success);
        }
    }

    /// <summary>Ends the lease, for reading on has failed.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="caller">The reader's cancellation.</param>
    internal void Break(Exception failure, CancellationToken caller)
    {
        if (Release() && _observer is not null)
        {
            var result = new AttemptResult { Endpoint = _lease.Endpoint, Request = _request, Exception = failure };
            if (_observer.Settings.Failures.HasOwnRule)
            {
                result = _observer.Cluster!.Clock.AddTime(in result, _lease.Started);
            }

            _observer.Cluster!.ObserveBody(_lease, _observer.Settings.Failures.Judge(in result, caller));
        }
    }

    /// <summary>Ends the lease when a copy of the whole body ends.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="destination">Where to, which knows whether it was it that failed.</param>
    /// <param name="caller">The reader's cancellation.</param>
    internal Task Observe(Task copy, CopyDestination destination, CancellationToken caller)
    {
        // A short body has most often come with its headers, and needs no state machine.
        if (!copy.IsCompletedSuccessfully)
        {
            return ObserveAsync(copy, destination, caller);
        }

        End();
        return copy;
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var destination = new CopyDestination(stream);
        try
        {
            _inner.CopyTo(destination, context, cancellationToken);
            End();
        }
        catch (Exception failure) when (!destination.HasFailed)
        {
            Break(failure, cancellationToken);
            throw;
        }
        finally
        {
            Release();
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var destination = new CopyDestination(stream);
        Task copy;
        try
        {
            copy = _inner.CopyToAsync(destination, context, cancellationToken);
        }
        catch (Exception failure)
        {
            copy = Task.FromException(failure);
        }

        return Observe(copy, destination, cancellationToken);
    }

    private async Task ObserveAsync(Task copy, CopyDestination destination, CancellationToken cancellationToken)
    {
        try
        {
            await copy.ConfigureAwait(false);
            End();
        }
        catch (Exception failure) when (!destination.HasFailed)
        {
            Break(failure, cancellationToken);
            throw;
        }
        finally
        {
            Release();
        }
    }

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new TrackedStream(_inner.ReadAsStream(cancellationToken), this);

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        var reading = _inner.ReadAsStreamAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? Task.FromResult<Stream>(new TrackedStream(reading.Result, this)) : TrackAsync(reading);
    }

    private async Task<Stream> TrackAsync(Task<Stream> reading) => new TrackedStream(await reading.ConfigureAwait(false), this);

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
            // Before the body is disposed of, which breaks off whoever is reading it.
            Release();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Copy(HttpHeadersNonValidated headers, long? length)
    {
        if (length is not null)
        {
            Headers.ContentLength = length;
        }

        var others = headers.Count - (length is null ? 0 : 1);
        if (others == 0)
        {
            return;
        }

        // The usual one more, which need not be looked for.
        if (others == 1 && headers.TryGetValues(ContentType, out var type))
        {
            Add(ContentType, type);
            return;
        }

        foreach (var (name, values) in headers)
        {
            if (length is null || name != ContentLength)
            {
                Add(name, values);
            }
        }
    }

    private void Add(string name, HeaderStringValues values)
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

    private static Type GetNoContent()
    {
        using var response = new HttpResponseMessage();
        return response.Content.GetType();
    }

    // RFC 9110, section 6.4.1.
    private static bool MayHaveBody(HttpResponseMessage response, HttpRequestMessage request) =>
        request.Method != HttpMethod.Head
        && response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified)
        && response.Content is { } content
        && content.GetType() != NoContent;

    // As a number: who reads HTTP/1.1 from a socket has parsed the header to know where the body ends, and to ask for its text makes that
    // anew. Of several, which RFC 9110 forbids in section 8.6, the first is taken. Where there is no header, to ask for the length would make
    // one of what the content computes.
    private static long? LengthOf(HttpContentHeaders headers) =>
        headers.NonValidated is { Count: > 0 } said && said.Contains(ContentLength) ? headers.ContentLength : null;

    // What answers 101 or CONNECT is a connection, whatever its length header says.
    private static bool IsConnection(HttpResponseMessage response, HttpRequestMessage request) =>
        response.StatusCode == HttpStatusCode.SwitchingProtocols || request.Method == HttpMethod.Connect;
}
