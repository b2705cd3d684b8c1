using System.Collections.Concurrent;
using ClientSideLb.Consul.Tests.Support;
using ClientSideLb.Dns.Tests.Support;
using ClientSideLb.Kubernetes.Tests.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Discovery.Tests;

/// <summary>An application that has configuration and all three packages: each leaves alone what is not its own.</summary>
public sealed class CombinationTests : IAsyncLifetime
{
    private readonly TestConsul _consul = new();
    private readonly StubDnsServer _dns = new();
    private readonly ConcurrentQueue<Uri> _sent = new();
    private readonly DirectoryInfo _account = Directory.CreateTempSubdirectory("account-");
    private readonly List<ServiceProvider> _containers = [];
    private ApiServer _kubernetes = null!;

    public async ValueTask InitializeAsync()
    {
        await _consul.StartAsync();
        _kubernetes = await ApiServer.StartNewAsync();
        await File.WriteAllTextAsync(Path.Combine(_account.FullName, "namespace"), "shop");

        _kubernetes.SetSlice(Slice("pods-a", [Pod("10.1.0.1")], service: "pods", port: 80));
        _kubernetes.SetSlice(Slice("both-a", [Pod("10.1.0.2")], service: "both", port: 80));
        _kubernetes.SetSlice(Slice("none-a", [], service: "none"));
        _consul.Set("instances", new Registration("a", "10.2.0.1", 80));
        _consul.Set("both", new Registration("b", "10.2.0.2", 80));
        _dns.AnswerAddresses("records", 60, "10.3.0.1");
    }

    [Theory]
    [InlineData("listed", "10.0.0.1")]
    [InlineData("pods", "10.1.0.1")]
    [InlineData("pods.shop.svc.cluster.local", "10.1.0.1")]
    [InlineData("instances", "10.2.0.1")]
    [InlineData("instances.service.consul", "10.2.0.1")]
    [InlineData("records", "10.3.0.1")]
    [InlineData("nobody", "nobody")]
    [InlineData("www.example.com", "www.example.com")]
    public async Task Each_name_is_found_by_the_one_that_knows_it(string name, string expected)
    {
        Assert.Equal(expected, await SendAsync(CreateClient("configuration", "kubernetes", "consul", "dns"), name));
        Assert.Equal(expected, await SendAsync(CreateClient("dns", "consul", "kubernetes", "configuration"), name));
    }

    [Fact]
    public async Task A_name_that_two_know_is_found_by_the_one_that_is_registered_first()
    {
        Assert.Equal("10.1.0.2", await SendAsync(CreateClient("kubernetes", "consul"), "both"));
        Assert.Equal("10.2.0.2", await SendAsync(CreateClient("consul", "kubernetes"), "both"));
    }

    [Theory]
    [InlineData("configuration", "kubernetes", "consul", "dns")]
    [InlineData("dns", "kubernetes", "consul", "configuration")]
    public async Task A_name_that_configuration_lists_is_asked_for_nowhere_else(params string[] order)
    {
        await SendAsync(CreateClient(order), "listed");

        Assert.Empty(_kubernetes.Requests);
        Assert.Empty(_consul.Queries);
        Assert.Empty(_dns.Queries);
    }

    [Fact]
    public async Task A_service_without_endpoints_is_not_sent_to_its_name_even_with_the_pass_through_provider()
    {
        var client = CreateClient("kubernetes", "consul", "dns", "configuration");

        var fault = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => SendAsync(client, "none"));

        Assert.Equal(NoEndpointReason.NoneFound, fault.Reason);
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task Accepts_leaves_a_name_to_the_next_one()
    {
        var client = CreateClient(["kubernetes", "consul"], static name => name != "both");

        Assert.Equal("10.2.0.2", await SendAsync(client, "both"));
        Assert.DoesNotContain(_kubernetes.Requests, static request => request.LabelSelector?.Contains("both", StringComparison.Ordinal) == true);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var container in _containers)
        {
            await container.DisposeAsync();
        }

        await _consul.DisposeAsync();
        await _dns.DisposeAsync();
        await _kubernetes.DisposeAsync();
        _account.Delete(recursive: true);
    }

    private HttpClient CreateClient(params string[] order) => CreateClient(order, kubernetesAccepts: null);

    private HttpClient CreateClient(string[] order, Func<string, bool>? kubernetesAccepts)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Services:listed:http:0", "http://10.0.0.1:80")]).Build());
        foreach (var source in order)
        {
            _ = source switch
            {
                "configuration" => services.AddServiceDiscovery(),
                "kubernetes" => services.AddKubernetesDiscovery(options =>
                {
                    options.ApiServer = _kubernetes.Address;
                    options.ServiceAccountPath = _account.FullName;
                    options.Accepts = kubernetesAccepts;
                }),
                "consul" => services.AddConsulDiscovery(options => options.Address = _consul.Address),
                _ => services.AddDnsDiscovery(options => options.Servers.Add(_dns.Address)),
            };
        }

        services.AddHttpClient("client").ConfigurePrimaryHttpMessageHandler(() => new Recorder(_sent)).AddLoadBalancing();
        var container = services.BuildServiceProvider();
        _containers.Add(container);
        return container.GetRequiredService<IHttpClientFactory>().CreateClient("client");
    }

    private async Task<string> SendAsync(HttpClient client, string name)
    {
        using var response = await client.GetAsync(new Uri($"http://{name}/"));
        return _sent.Last().Host;
    }

    private sealed class Recorder(ConcurrentQueue<Uri> sent) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sent.Enqueue(request.RequestUri!);
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
