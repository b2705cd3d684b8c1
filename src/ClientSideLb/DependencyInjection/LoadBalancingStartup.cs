using Microsoft.Extensions.Hosting;

namespace ClientSideLb;

/// <summary>With a host, reads the options of all balanced clients when it starts, so that faulty ones stop it then and not a request later.</summary>
internal sealed class LoadBalancingStartup(ClusterRegistry registry, IEnumerable<LoadBalancedClientName> clients) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var client in clients)
        {
            registry.GetClient(client.Name);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
