namespace ClientSideLb.Simulator;

/// <summary>Clients that are all alike. Each has a balancer of its own, which knows nothing of the others.</summary>
public sealed record ClientGroup
{
    /// <summary>Gets how many clients there are.</summary>
    /// <value>At least 1; the default value is 1.</value>
    public int Count { get; init; } = 1;

    /// <summary>Gets when requests are sent.</summary>
    /// <value>The default value is a Poisson process of 1000 requests a second, for all clients together.</value>
    public Arrivals Arrivals { get; init; } = new PoissonArrivals();

    /// <summary>Gets which keys, and so which callers, requests have.</summary>
    public KeyPopularity Keys { get; init; } = new();

    /// <summary>Gets how long a client waits for a request in all, as <see cref="HttpClient.Timeout"/> does.</summary>
    /// <value>Above 0; the default value is 10 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets a value indicating whether requests may be sent again after a failure, as a GET may and a POST may not.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Idempotent { get; init; } = true;

    /// <summary>Gets the balancer's options, as an application would set them. <see cref="LoadBalancingOptions.Endpoints"/> stays empty.</summary>
    public LoadBalancingOptions Balancer { get; init; } = new();
}
