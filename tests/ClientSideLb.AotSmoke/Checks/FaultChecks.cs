using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClientSideLb.AotSmoke.Checks;

internal static class FaultChecks
{
    internal static async Task RunAsync(CheckRunner runner)
    {
        await runner.CheckAsync("faulty options are refused with every fault named", OptionsAsync);
        await runner.CheckAsync("faulty options stop a host when it starts", HostAsync);
        await runner.CheckAsync("without an available endpoint the message says why", NoEndpointAsync);
        await runner.CheckAsync("a name that no provider knows is refused, also beside AddServiceDiscovery()", ServiceDiscoveryAsync);
    }

    private static async Task OptionsAsync()
    {
        await using var provider = Build(AddFaults);
        var fault = await Expect.ThrowsAsync<OptionsValidationException>(() =>
            provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetStringAsync("/"));
        ExpectFaults(fault);
    }

    private static async Task HostAsync()
    {
        await using var provider = Build(AddFaults);
        var fault = await Expect.ThrowsAsync<OptionsValidationException>(async () =>
        {
            foreach (var service in provider.GetServices<IHostedService>())
            {
                await service.StartAsync(CancellationToken.None);
            }
        });
        ExpectFaults(fault);
    }

    private static async Task NoEndpointAsync()
    {
        await using var provider = Build(static options =>
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://127.0.0.1:1"), Weight = 0 }));
        var fault = await Expect.ThrowsAsync<NoEndpointAvailableException>(() =>
            provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetStringAsync("/"));
        Expect.Contains("all of http://127.0.0.1:1 are draining", fault.Message);
    }

    private static async Task ServiceDiscoveryAsync()
    {
        var services = new ServiceCollection();
        services.AddServiceDiscoveryCore();
        services.AddHttpClient("api").AddLoadBalancing(static options => options.UnknownServices = UnknownServiceMode.Refuse).AddServiceDiscovery();
        await using var provider = services.BuildServiceProvider();
        var fault = await Expect.ThrowsAsync<NoEndpointAvailableException>(() =>
            provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetStringAsync("/"));
        Expect.Contains("no provider of service discovery knows the name, and UnknownServices is Refuse", fault.Message);
    }

    private static void AddFaults(LoadBalancingOptions options)
    {
        options.Strategy = "Fastest";
        options.HashKey = "body";
        options.HostHeader = (HostHeaderMode)9;
        options.ConsistentHash.PointsPerWeight = 0;
        options.Endpoints.Add(new EndpointOptions { Address = new Uri("ftp://10.0.0.1"), Weight = 65536 });
    }

    private static void ExpectFaults(OptionsValidationException fault)
    {
        Expect.Equal(6, fault.Failures.Count());
        Expect.Contains("Strategy is 'Fastest'; known strategies are PowerOfTwoChoices, RoundRobin,", fault.Message);
        Expect.Contains("HashKey is 'body'; expected 'header:NAME'", fault.Message);
        Expect.Contains("HostHeader is 9; expected Auto, Endpoint, Service.", fault.Message);
        Expect.Contains("ConsistentHash.PointsPerWeight is 0; expected 1 to 65536.", fault.Message);
        Expect.Contains("Endpoints[0].Weight is 65536; expected 0 (drained) to 65535.", fault.Message);
        Expect.Contains("Endpoints[0].Address has the scheme 'ftp'; expected http or https.", fault.Message);
    }

    private static ServiceProvider Build(Action<LoadBalancingOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(configure);
        return services.BuildServiceProvider();
    }
}
