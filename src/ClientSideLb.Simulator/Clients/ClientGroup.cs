namespace ClientSideLb.Simulator;

/// <summary>A group of clients with the same properties. Each has its own balancer, and the balancers share no information.</summary>
public sealed record ClientGroup
{
    /// <summary>Gets the number of clients.</summary>
    /// <value>From 1 to 100,000; the default value is 1.</value>
    public int Count { get; init; } = 1;

    /// <summary>
    /// Gets the zone that the clients run in. It decides how long their requests spend on the network (<see cref="Scenario.CrossZoneRoundTrip"/>), and
    /// results are shown for each zone. The balancer knows it only if <see cref="LoadBalancingOptions.Zone"/> is the same.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: the place of the clients does not matter.</value>
    public string? Zone { get; init; }

    /// <summary>
    /// Gets the backends that service discovery lists to these clients, by their numbers from 0: <c>"3"</c>, <c>"0-4"</c>, <c>"1,5-7"</c> or <c>"all"</c>.
    /// </summary>
    /// <value>The default value is <c>all</c>.</value>
    public string Backends { get; init; } = "all";

    /// <summary>Gets the times at which requests are sent.</summary>
    /// <value>The default value is a Poisson process with 1000 requests per second from all clients together.</value>
    public Arrivals Arrivals { get; init; } = new PoissonArrivals();

    /// <summary>Gets the keys of the requests. Each key also stands for a caller.</summary>
    /// <value>The default value is 10,000 keys that are equally popular.</value>
    public KeyPopularity Keys { get; init; } = new();

    /// <summary>Gets the time that a caller waits for a request with all its attempts, as in <see cref="HttpClient.Timeout"/>.</summary>
    /// <value>Above 0; the default value is 10 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets a value indicating whether requests may be sent again after a failure, as is true of GET and false of POST.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Idempotent { get; init; } = true;

    /// <summary>
    /// Gets the options of the balancer, as an application would set them. <see cref="LoadBalancingOptions.Endpoints"/> must be empty: the
    /// backends of the scenario are the endpoints.
    /// </summary>
    /// <value>The default value has the defaults of the library.</value>
    public LoadBalancingOptions Balancer { get; init; } = new();
}
