using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>
/// The C# of README.md and docs/*.md. To add a snippet, write it here and copy it there, or the other way round: a method for
/// statements, with parameters for the objects that they use. <see cref="DocSnippetsTests"/> compares the two.
/// </summary>
internal static class Snippets
{
    internal static void ZeroConfiguration(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing();
    }

    internal static void StaticEndpoints(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.WeightedRoundRobin;
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1:8080"), Weight = 3 });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.2:8080") });
        });
    }

    internal static void PeakEwma(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.PeakEwma;
            options.PeakEwma.DefaultLatency = TimeSpan.FromMilliseconds(200);
        });
    }

    internal static void FromConfiguration(IServiceCollection services, IConfiguration configuration)
    {
        services.AddHttpClient("api").AddLoadBalancing(configuration.GetSection("LoadBalancing:api"));
    }

    internal static void OwnStrategy(IServiceCollection services)
    {
        services.AddLoadBalancingStrategy<FirstStrategy>();
        services.AddHttpClient("api").AddLoadBalancing(options => options.Strategy = "First");
    }

    internal static void SeeAndSteer(IServiceProvider provider)
    {
        var registry = provider.GetRequiredService<IClusterRegistry>();
        foreach (var cluster in registry.Clusters)
        {
            foreach (var endpoint in cluster.Endpoints)
            {
                Console.WriteLine($"{cluster.ServiceName} {endpoint.Address} {endpoint.Health} {endpoint.InFlight}");
            }

            cluster.TryDrain(new Uri("http://10.0.0.2:8080"));
        }
    }
}

public sealed class FirstStrategy : ILoadBalancingStrategy
{
    public string Name => "First";

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(endpoints.Available[0]);

    private sealed class Picker(ClusterEndpoint first) : EndpointPicker
    {
        public override ClusterEndpoint? Pick(in PickContext context) => first;
    }
}
