using ClientSideLb.Simulator;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/simulator.md.</summary>
internal static class SnippetsSimulator
{
    internal static void Library()
    {
        var result = Simulation.Run(new Scenario
        {
            Clients =
            [
                new ClientGroup
                {
                    Arrivals = new PoissonArrivals { Rate = 2000 },
                    Balancer = new LoadBalancingOptions { Strategy = LoadBalancingStrategies.LeastConnections },
                },
            ],
            Backends = [new BackendGroup { Count = 5, Concurrency = 8, Service = new LognormalTime { Mean = TimeSpan.FromMilliseconds(15) } }],
            Changes = [new BackendChange { At = TimeSpan.FromSeconds(20), Backends = "0", Change = ChangeKind.Hang }],
        });
        Console.WriteLine($"p99 {result.Latency.Quantile(0.99)}, {result.ErrorRate:P2} failed, noticed after {result.TimeToDetect}");
    }
}
