using ClientSideLb.Clients;
using Microsoft.Extensions.Hosting;

namespace ClientSideLb.DependencyInjection;

/// <summary>
/// With a host, reads the options of all balanced clients when it starts, so that faulty ones stop it then and not a request later, and
/// starts to probe where that is asked for.
/// </summary>
internal sealed class LoadBalancingStartup(
    ClusterRegistry registry, IHttpClientFactory factory, IEnumerable<LoadBalancedClientName> clients) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var name in clients.Select(static client => client.Name).Distinct())
        {
            var client = registry.GetClient(name);
            if (client.Settings.Cluster.Probes.Enabled)
            {
                // The base address, which only a client knows, names the service.
                using var http = factory.CreateClient(name);
                client.Start(http.BaseAddress!);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
