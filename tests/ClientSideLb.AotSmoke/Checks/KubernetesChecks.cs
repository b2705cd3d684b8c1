using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.AotSmoke.Checks;

internal static class KubernetesChecks
{
    internal static async Task RunAsync(CheckRunner runner) =>
        await runner.CheckAsync("a service of Kubernetes is listed and watched", WatchAsync);

    private static async Task WatchAsync()
    {
        using var backends = new Backends(2);
        using var server = new ApiStub(backends[0], backends[1]);
        var section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ApiServer"] = server.Address.ToString(), ["Namespace"] = "shop" }).Build();
        var services = new ServiceCollection();
        services.AddKubernetesDiscovery(section);
        services.AddHttpClient("api").AddLoadBalancing();
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        Expect.Contains("a ", await client.GetStringAsync("/"));

        server.Change();

        await Expect.SoonAsync(async () => (await client.GetStringAsync("/")).StartsWith("b ", StringComparison.Ordinal));
    }
}
