using System.Net;
using System.Net.Http.Headers;
using ClientSideLb.Clusters;
using ClientSideLb.Strategies;

namespace ClientSideLb.Requests;

/// <summary>
/// A response's content that releases the request's lease when the body has been read to its end, when reading it fails or is cancelled, or
/// when it is disposed. If the caller drops it instead, a <see cref="BodyWatch"/> releases the lease. A body that the endpoint does not send
/// to its end counts as a failure of the endpoint.
/// </summary>
internal class TrackedContent : HttpContent
{
    private const string ContentLength = "Content-Length";
    private const string ContentType = "Content-Type";

    // The type of the content of a response that was created without content.
    private static readonly Type NoContent = GetNoContent();

    private readonly HttpContent _inner;
    private readonly HttpRequestMessage _request;
    private readonly EndpointLease _lease;
    private readonly Route? _route;
    private BodyWatch? _watch;

    private protected TrackedContent(HttpContent inner, long? length, HttpRequestMessage request, EndpointLease lease, Route? route)
    {
        _inner = inner;
        _request = request;
        _lease = lease;
        _route = route;
        _watch = BodyWatch.Begin(lease);
        CopyHeaders(inner.Headers.NonValidated, length);
    }

    /// <summary>Makes the lease last as long as the response's body. If there is no body, it releases the lease.</summary>
    /// <param name="response">The response.</param>
    /// <param name="request">The request that it answers.</param>
    /// <param name="lease">The request's lease.</param>
    /// <param name="route">The request's route, or <see langword="null"/> if its cluster must not learn how the body ends.</param>
    internal static void Track(HttpResponseMessage response, HttpRequestMessage request, EndpointLease lease, Route? route)
    {
        if (IsConnection(response, request))
        {
            // Either side may end a connection at any time. That does not tell whether the endpoint works.
            response.Content = new TrackedContent(response.Content, GetLength(response.Content.Headers), request, lease, route: null);
        }
        else if (MayHaveBody(response, request) && GetLength(response.Content.Headers) is not 0 and var length)
        {
            response.Content = route is not null && GrpcStatus.IsGrpc(request, response)
                ? new TrackedGrpcContent(response, length, request, lease, route)
                : new TrackedContent(response.Content, length, request, lease, route);
        }
        else
        {
            lease.Release();
        }
    }

    /// <summary>Releases the lease, because the body is not read any further.</summary>
    /// <returns>Whether this was the first call for the lease.</returns>
    internal bool Release()
    {
        if (!_lease.Release())
        {
            return false;
        }

        _watch!.End();

        // Another body may use the watch from now on.
        _watch = null;
        return true;
    }

    /// <summary>Releases the lease, because the body has been read to its end.</summary>
    internal void End()
    {
        if (Release())
        {
            _route?.Cluster!.ObserveBody(_lease, JudgeEnd());
        }
    }

    /// <summary>Creates the stream for a copy of the body to a stream of the caller.</summary>
    internal BodyDestination CreateDestination(Stream stream) => new(stream, _lease.Endpoint);

    /// <summary>Counts bytes of the body as a sign of life of the endpoint.</summary>
    internal void ObserveBytes() => _lease.Endpoint.Failures.ObserveSignOfLife();

    /// <summary>Gets the time, in timestamp units, to measure how long a reader waits for bytes.</summary>
    internal long GetTimestamp() => _lease.Endpoint.Waits.Time.GetTimestamp();

    /// <summary>Releases the lease, because reading the body has failed.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="caller">The reader's cancellation.</param>
    /// <param name="waited">How long the reader had waited for the next bytes, in timestamp units.</param>
    internal void Fail(Exception failure, CancellationToken caller, long waited = 0)
    {
        if (Release() && _route is not null)
        {
            var result = new AttemptResult { Endpoint = _lease.Endpoint, Request = _request, Exception = failure };
            if (_route.Settings.Failures.HasOwnRule)
            {
                result = _route.Cluster!.Clock.AddTime(in result, _lease.Started);
            }

            var verdict = _route.Settings.Failures.JudgeBody(in result, caller);
            _route.Cluster!.ObserveBody(_lease, verdict, MediaTypes.MayPause(Headers) ? 0 : waited);
        }
    }

    /// <summary>Releases the lease when a copy of the whole body ends.</summary>
    /// <param name="copy">The task that copies the body.</param>
    /// <param name="destination">The stream that the body is copied to. It knows whether it has failed itself.</param>
    /// <param name="caller">The reader's cancellation.</param>
    internal Task Observe(Task copy, BodyDestination destination, CancellationToken caller)
    {
        // A short body most often arrives together with its headers. Then the copy has ended already, and no state machine is allocated.
        if (!copy.IsCompletedSuccessfully)
        {
            return ObserveAsync(copy, destination, caller);
        }

        End();
        return copy;
    }

    /// <summary>Judges a body that has been read to its end.</summary>
    private protected virtual AttemptVerdict JudgeEnd() => AttemptVerdict.Success;

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var destination = CreateDestination(stream);
        try
        {
            _inner.CopyTo(destination, context, cancellationToken);
            End();
        }
        catch (Exception failure) when (!destination.HasFailed)
        {
            Fail(failure, cancellationToken);
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
        var destination = CreateDestination(stream);
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

    private async Task ObserveAsync(Task copy, BodyDestination destination, CancellationToken cancellationToken)
    {
        destination.BeginMeasurement();
        try
        {
            await copy.ConfigureAwait(false);
            End();
        }
        catch (Exception failure) when (!destination.HasFailed)
        {
            Fail(failure, cancellationToken, destination.GetWait());
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
            // The lease is released before the body is disposed. Disposal makes a concurrent read fail, which is not the endpoint's failure.
            Release();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void CopyHeaders(HttpHeadersNonValidated headers, long? length)
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

        // Most responses have only this other header. Reading it by name avoids the enumeration.
        if (others == 1 && headers.TryGetValues(ContentType, out var type))
        {
            AddHeader(ContentType, type);
            return;
        }

        foreach (var (name, values) in headers)
        {
            if (length is null || name != ContentLength)
            {
                AddHeader(name, values);
            }
        }
    }

    private void AddHeader(string name, HeaderStringValues values)
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

    // Reads the length as a number. The primary handler has parsed it already, and reading its text would allocate that again. If there are
    // several, which RFC 9110, section 8.6 forbids, the first one counts. Without the header, reading ContentLength would add one with the
    // length that the content computes, so it is not read then.
    private static long? GetLength(HttpContentHeaders headers) =>
        headers.NonValidated is { Count: > 0 } present && present.Contains(ContentLength) ? headers.ContentLength : null;

    // The content of a response with status 101, or to a CONNECT request, is a connection, whatever its Content-Length says.
    private static bool IsConnection(HttpResponseMessage response, HttpRequestMessage request) =>
        response.StatusCode == HttpStatusCode.SwitchingProtocols || request.Method == HttpMethod.Connect;
}
