using ClientSideLb.Clients;
using Microsoft.Extensions.Hosting;

namespace ClientSideLb.DependencyInjection;

/// <summary>
/// Reads the options of all balanced clients when the host starts, so that options that are not valid stop the host and do not fail requests
/// later. It also starts the probes of clients that have them enabled.
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
                // The base address names the service, and only the created client has it.
                using var http = factory.CreateClient(name);
                if (http.BaseAddress is { } address)
                {
                    client.Start(address);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
