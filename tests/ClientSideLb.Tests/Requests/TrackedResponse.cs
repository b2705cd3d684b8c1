namespace ClientSideLb.Tests;

/// <summary>
/// A response whose body holds a lease. The test holds another lease of the same endpoint, so that a lease that is released twice
/// is noticed as well as one that is never released.
/// </summary>
internal sealed class TrackedResponse
{
    private readonly ClusterEndpoint _endpoint;

    internal TrackedResponse(Stream body)
        : this(new HttpResponseMessage { Content = new StreamContent(body) }, HttpMethod.Get)
    {
    }

    internal TrackedResponse(HttpResponseMessage response, HttpMethod method)
        : this(response, method, new ClusterLab(2, static options => options.OutlierDetection.ConsecutiveFailures = 1))
    {
    }

    /// <summary>Makes a response of the first endpoint of a cluster.</summary>
    internal TrackedResponse(HttpResponseMessage response, HttpMethod method, ClusterLab lab)
    {
        Response = response;
        _endpoint = lab[0];
        _ = lab.SendTo(0);
        TrackedContent.Track(response, new HttpRequestMessage(method, "http://api/"), lab.SendTo(0), RouteTo(lab));
    }

    internal HttpResponseMessage Response { get; }

    internal HttpContent Content => Response.Content;

    internal bool IsInFlight => _endpoint.InFlight switch
    {
        2 => true,
        1 => false,
        var count => throw new InvalidOperationException($"{count} in flight: the lease was released more than once."),
    };

    /// <summary>Gets a value indicating whether a failure was counted. By default, one failure ejects the endpoint.</summary>
    internal bool HasFailed => _endpoint.Health == EndpointHealth.Ejected;

    /// <summary>Gets a function with the value of <see cref="IsInFlight"/>, which does not keep the response alive.</summary>
    internal Func<bool> Watch()
    {
        var endpoint = _endpoint;
        return () => endpoint.InFlight == 2;
    }

    private static Route RouteTo(ClusterLab lab) => new(
        lab.Cluster, ClientSettings.Of(lab.Options, new StrategyCatalog([new PowerOfTwoChoicesStrategy()]), lab.Time), getDiscoveryFailure: null, lab.Time, new KnownHosts(), TestCluster.Telemetry, new RewriteCache(new RewriteTable()));
}
