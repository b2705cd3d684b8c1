using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Refit;

namespace ClientSideLb.Tests;

/// <summary>A client whose name a generator such as Refit made.</summary>
public sealed class GeneratedClientTests : IDisposable
{
    private const string Name = "Refit.Implementation.Generated+ShopIOrders, Shop, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null";
    private const string Short = "ShopIOrders";

    private readonly StubBackend _backend = new();
    private ServiceProvider? _provider;

    public void Dispose()
    {
        _provider?.Dispose();
        _backend.Dispose();
    }

    [Fact]
    public void The_name_that_Refit_makes_becomes_the_name_of_the_interface()
    {
        var name = new ServiceCollection().AddRefitGeneratedClient<IRefitApi>().Name;

        var shown = GeneratedName.Shorten(name);
        Assert.True(GeneratedName.Is(name), name);
        Assert.EndsWith(nameof(IRefitApi), shown, StringComparison.Ordinal);
        Assert.Matches("^[A-Za-z.]+$", shown);
    }

    [Fact]
    public async Task People_read_the_short_name_and_the_identity_is_the_whole_one()
    {
        using var http = Create(static options => options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1") }));
        using var requests = new MetricCollector<long>(_provider!.GetRequiredService<IMeterFactory>(), "ClientSideLb", "clientsidelb.requests");

        (await http.GetAsync("orders/1")).Dispose();

        var cluster = Assert.Single(_provider!.GetRequiredService<IClusterRegistry>().Clusters);
        Assert.Equal((Name, Short, Short), (cluster.ClientName, cluster.ShortClientName, cluster.ServiceName));
        Assert.Equal(Short, Assert.Single(requests.GetMeasurementSnapshot()).Tags["clientsidelb.client"]);
        cluster.TryDrain(new Uri("http://10.0.0.1"));
        var failure = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => http.GetAsync("orders/1"));
        Assert.Equal(Name, failure.ClientName);
        Assert.StartsWith($"Client '{Short}' has no endpoint for service '{Short}'", failure.Message, StringComparison.Ordinal);
        var lines = _provider!.GetFakeLogCollector().GetSnapshot().Where(static line => line.Category == "ClientSideLb").Select(static line => line.Message).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, static line => Assert.DoesNotContain("Version=", line, StringComparison.Ordinal));
        Assert.All(lines, static line => Assert.Contains($"'{Short}'", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_name_becomes_no_host()
    {
        using var http = Create(static options =>
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://10.0.0.1") });
            options.HostHeader = HostHeaderMode.Service;
        });

        (await http.GetAsync("orders/1")).Dispose();

        Assert.Equal("default", http.BaseAddress!.Host);
        Assert.Equal("default", Assert.Single(_backend.Hosts));
    }

    [Fact]
    public async Task With_service_discovery_it_names_no_service_and_the_request_says_that_the_base_address_is_missing()
    {
        using var http = Create(static _ => { });

        Assert.Null(http.BaseAddress);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => http.GetAsync("orders/1"));
        Assert.Contains("BaseAddress", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_are_not_valid_are_told_by_the_short_name()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Create(static options => options.Strategy = "None"));

        Assert.Contains($"client '{Short}'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Version=", failure.Message, StringComparison.Ordinal);
    }

    private HttpClient Create(Action<LoadBalancingOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Trace));
        services.AddHttpClient(Name).ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing(configure);
        _provider = services.BuildServiceProvider();
        return _provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name);
    }
}
