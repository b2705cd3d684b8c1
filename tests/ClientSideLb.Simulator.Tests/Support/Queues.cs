namespace ClientSideLb.Simulator.Tests.Support;

/// <summary>
/// The systems of queueing theory: Poisson arrivals, exponential service times with a mean of 10 ms, unlimited queues, and a network that
/// takes no time.
/// </summary>
internal static class Queues
{
    internal static Scenario Create(string strategy, double load, int backends, TimeSpan duration, int servers = 1) => new()
    {
        Duration = duration,
        WarmUp = duration / 6,
        RoundTrip = TimeSpan.Zero,
        Clients =
        [
            new ClientGroup
            {
                Arrivals = new PoissonArrivals { Rate = load * backends * servers * 100 },
                Timeout = TimeSpan.FromHours(1),
                Balancer = new LoadBalancingOptions { Strategy = strategy },
            },
        ],
        Backends = [new BackendGroup { Count = backends, Concurrency = servers, Queue = int.MaxValue }],
    };
}
