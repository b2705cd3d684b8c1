using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.Scenarios;

/// <summary>Finds the faults of a group of clients.</summary>
/// <param name="path">The place of the group in a scenario's file.</param>
/// <param name="faults">Collects the faults.</param>
internal sealed class ClientGroupValidator(string path, FaultList faults)
{
    private const int MaxClients = 100_000;
    private const int MaxKeys = 10_000_000;
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    /// <summary>Finds the faults.</summary>
    /// <param name="clients">The group.</param>
    /// <param name="backends">The number of backends in the scenario.</param>
    internal void Check(ClientGroup clients, int backends)
    {
        faults.CheckRange($"{path}.count", clients.Count, 1, MaxClients);
        faults.CheckTime($"{path}.timeout", clients.Timeout, Millisecond);
        faults.CheckRange($"{path}.keys.count", clients.Keys.Count, 1, MaxKeys);
        faults.CheckRange($"{path}.keys.skew", clients.Keys.Skew, 0, 10);
        faults.CheckZone($"{path}.zone", clients.Zone);
        faults.CheckBackends($"{path}.backends", clients.Backends, backends);
        Check(clients.Arrivals);
        Check(clients.Balancer, clients.Zone);
    }

    private static string ToCamelCase(string setting) =>
        string.Join('.', setting.Split(':', '.').Select(static part => part.Length == 0 ? part : char.ToLowerInvariant(part[0]) + part[1..]));

    private void Check(Arrivals arrivals)
    {
        switch (arrivals)
        {
            case PoissonArrivals poisson:
                faults.CheckPositive($"{path}.arrivals.rate", poisson.Rate);
                break;
            case BurstArrivals bursts:
                faults.CheckPositive($"{path}.arrivals.rate", bursts.Rate);
                faults.CheckPositive($"{path}.arrivals.factor", bursts.Factor);
                faults.CheckPositiveTime($"{path}.arrivals.length", bursts.Length);
                if (bursts.Every <= bursts.Length)
                {
                    faults.Add($"{path}.arrivals.every", $"is {bursts.Every}; expected above the length of a burst, {bursts.Length}.");
                }

                break;
            case ClosedLoopArrivals loop:
                faults.CheckRange($"{path}.arrivals.workers", loop.Workers, 1, 1_000_000);
                faults.CheckTime($"{path}.arrivals.thinkTime", loop.ThinkTime, TimeSpan.Zero);
                break;
        }
    }

    private void Check(LoadBalancingOptions balancer, string? zone)
    {
        if (balancer.Endpoints.Count > 0)
        {
            faults.Add($"{path}.balancer.endpoints", $"is set; the endpoints of a simulation are its backends.");
        }

        if (balancer.Failover.HedgingDelay is not null)
        {
            faults.Add($"{path}.balancer.failover.hedgingDelay", $"is set; hedging is not simulated.");
        }

        // With a slip in its name, the zone of the balancer would have no endpoints, and zones would silently be off.
        if (balancer.Zone is not null && balancer.Zone != zone)
        {
            FormattableString what = zone is null
                ? $"is '{balancer.Zone}', but the clients are in no zone; expected the same as their zone."
                : (FormattableString)$"is '{balancer.Zone}'; expected '{zone}', the zone of the clients.";
            faults.Add($"{path}.balancer.zone", what);
        }

        foreach (var (setting, what) in OptionsFaults.Find(balancer))
        {
            faults.Add($"{path}.balancer.{ToCamelCase(setting)}", $"{what}");
        }
    }
}
