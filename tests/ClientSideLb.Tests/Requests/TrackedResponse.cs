namespace ClientSideLb.Tests;

/// <summary>
/// A response whose body holds a lease. Another lease of the same endpoint stays with the test, so that one released too often
/// shows as well as one released never.
/// </summary>
internal sealed class TrackedResponse
{
    private readonly ClusterEndpoint _endpoint = Backends.At("http://10.0.0.1");

    internal TrackedResponse(Stream body)
        : this(new HttpResponseMessage { Content = new StreamContent(body) }, HttpMethod.Get)
    {
    }

    internal TrackedResponse(HttpResponseMessage response, HttpMethod method)
    {
        Response = response;
        _ = new EndpointLease(_endpoint, started: 0);
        TrackedContent.Track(response, new HttpRequestMessage(method, "http://api/"), new EndpointLease(_endpoint, started: 0));
    }

    internal HttpResponseMessage Response { get; }

    internal HttpContent Content => Response.Content;

    internal bool IsInFlight => _endpoint.InFlight switch
    {
        2 => true,
        1 => false,
        var count => throw new InvalidOperationException($"{count} in flight: the lease was released more than once."),
    };

    /// <summary>Gets the same, for a test that lets go of the response.</summary>
    internal Func<bool> Watch()
    {
        var endpoint = _endpoint;
        return () => endpoint.InFlight == 2;
    }
}
