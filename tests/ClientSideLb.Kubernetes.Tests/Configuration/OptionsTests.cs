using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Kubernetes.Tests.Configuration;

public sealed class OptionsTests
{
    [Fact]
    public void All_options_can_be_set_by_configuration()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ApiServer"] = "https://10.96.0.1:443",
            ["ServiceAccountPath"] = "/tmp/account",
            ["Namespace"] = "shop",
            ["ClusterDomain"] = "example.test",
            ["NodeName"] = "node-1",
            ["Zone"] = "west-a",
            ["PreferIPv6"] = "true",
            ["RequestTimeout"] = "00:00:03",
        }).Build();
        using var services = new ServiceCollection().AddKubernetesDiscovery(section).BuildServiceProvider();

        var options = services.GetRequiredService<IOptions<KubernetesDiscoveryOptions>>().Value;

        Assert.Equal(typeof(KubernetesDiscoveryOptions).GetProperties().Length - 1, section.AsEnumerable().Count());
        Assert.Equal(
            (new Uri("https://10.96.0.1:443"), "/tmp/account", "shop", "example.test", "node-1", "west-a", true, TimeSpan.FromSeconds(3)),
            (options.ApiServer, options.ServiceAccountPath, options.Namespace, options.ClusterDomain, options.NodeName, options.Zone, options.PreferIPv6, options.RequestTimeout));
    }

    [Fact]
    public void The_defaults_are_valid()
    {
        using var services = new ServiceCollection().AddKubernetesDiscovery().BuildServiceProvider();

        services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Fact]
    public void All_faults_are_reported_at_once_when_the_host_starts()
    {
        using var services = new ServiceCollection().AddKubernetesDiscovery(static options =>
        {
            options.ApiServer = new Uri("ftp://10.96.0.1");
            options.ServiceAccountPath = "";
            options.Namespace = "Shop";
            options.ClusterDomain = "cluster..local";
            options.NodeName = "";
            options.Zone = " ";
            options.RequestTimeout = TimeSpan.FromMinutes(1);
        }).BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Equal(
            ["ApiServer", "ServiceAccountPath", "Namespace", "ClusterDomain", "NodeName", "Zone", "RequestTimeout"],
            failure.Failures.Select(static fault => fault.Split(' ')[2]));
    }

    [Fact]
    public void Two_calls_add_one_provider()
    {
        var services = new ServiceCollection().AddKubernetesDiscovery().AddKubernetesDiscovery();

        Assert.Single(services, static service => service.ServiceType == typeof(IServiceEndpointProviderFactory));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_container_can_be_disposed_either_way(bool asynchronously)
    {
        var services = new ServiceCollection().AddKubernetesDiscovery(static options => options.ApiServer = new Uri("http://127.0.0.1:1")).BuildServiceProvider();
        Assert.True(ServiceEndpointQuery.TryParse("http://api", out var query));
        Assert.True(services.GetRequiredService<IServiceEndpointProviderFactory>().TryCreateProvider(query, out var provider));
        await Assert.ThrowsAnyAsync<Exception>(() => provider.PopulateAsync(new FoundEndpoints(), CancellationToken.None).AsTask());

        if (asynchronously)
        {
            await services.DisposeAsync();
        }
        else
        {
            services.Dispose();
        }

        await provider.DisposeAsync();
    }
}
