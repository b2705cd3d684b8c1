using ClientSideLb.Kubernetes.Tests.Server;
using ClientSideLb.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Zones;

public sealed class OwnZoneTests
{
    [Fact]
    public async Task Clients_get_the_zone_of_the_node()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Store.Set("nodes", Node("node-1", "west-a"));
        await using var pod = new TestPod(server, static options => options.NodeName = "node-1", AddClients);

        GetZone(pod, "api");

        Assert.Contains("'west-a', as the label 'topology.kubernetes.io/zone' of node 'node-1' says", (await pod.LoggedAsync(413)).Message, StringComparison.Ordinal);
        Assert.Equal("west-a", GetZone(pod, "api"));
        Assert.Equal("mine", GetZone(pod, "fixed"));
        Assert.Equal(1, server.Requests.Count(static request => request.Resource == "nodes"));
    }

    [Fact]
    public async Task A_client_that_exists_when_the_zone_is_found_uses_it()
    {
        await using var backend = await TestBackend.StartNewAsync();
        await using var server = await ApiServer.StartNewAsync();
        var answer = new TaskCompletionSource();
        server.Fault = async (_, request) =>
        {
            if (request.Resource == "nodes")
            {
                await answer.Task;
            }

            return false;
        };
        server.Store.Set("nodes", Node("node-1", "west-a"));
        await using var pod = new TestPod(server, static options => options.NodeName = "node-1", services => services
            .AddHttpClient("api")
            .AddLoadBalancing(options =>
            {
                options.Endpoints.Add(new EndpointOptions { Address = backend.Address, Zone = "west-a" });
                options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://127.0.0.1:1"), Zone = "west-b" });
            }));
        using var http = pod.Services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var cluster = Assert.Single(pod.Services.GetRequiredService<IClusterRegistry>().Clusters);
        Assert.DoesNotContain(cluster.Levels, static level => level.IsLocal);

        answer.SetResult();

        await Eventually.TrueAsync(() => Task.FromResult(cluster.Levels.Any(static level => level.IsLocal)), "the client has local endpoints");
    }

    [Fact]
    public async Task Clients_start_without_a_zone_while_the_server_is_away()
    {
        await using var server = await ApiServer.StartNewAsync();
        await server.StopAsync();
        server.Store.Set("nodes", Node("node-1", "west-a"));
        await using var pod = new TestPod(server, static options => options.NodeName = "node-1", AddClients);

        Assert.Null(GetZone(pod, "api"));
        await pod.LoggedAsync(414);
        await server.StartAsync();

        await Eventually.TrueAsync(() => Task.FromResult(GetZone(pod, "api") == "west-a"), "the zone is known");
    }

    [Fact]
    public async Task A_refused_node_says_what_to_grant_once_and_the_zone_comes_from_an_endpoint_on_it()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Allows = static request => request.Resource != "nodes";
        server.SetSlice("api-a", Pod("10.0.0.1", zone: "west-b", node: "node-2"), Pod("10.0.0.2", zone: "west-a", node: "node-1"));
        await using var pod = new TestPod(server, static options => options.NodeName = "node-1", AddClients);
        Assert.Null(GetZone(pod, "api"));

        var warning = await pod.LoggedAsync(414);
        Assert.Contains("the verb 'get' on the resource 'nodes' (apiGroups: [\"\"]) by a ClusterRole and a ClusterRoleBinding", warning.Message, StringComparison.Ordinal);
        await pod.AskAsync();

        Assert.Equal("west-a", GetZone(pod, "api"));
        Assert.Contains("as an endpoint on the same node 'node-1' says", (await pod.LoggedAsync(413)).Message, StringComparison.Ordinal);
        Assert.Single(pod.Find(414));
    }

    [Fact]
    public async Task A_node_without_a_zone_is_told()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Store.Set("nodes", Node("node-1", null));
        await using var pod = new TestPod(server, static options => options.NodeName = "node-1", AddClients);

        GetZone(pod, "api");

        Assert.Contains("the node has no label 'topology.kubernetes.io/zone'", (await pod.LoggedAsync(414)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_of_the_options_needs_no_node()
    {
        await using var server = await ApiServer.StartNewAsync();
        await using var pod = new TestPod(
            server,
            static options =>
            {
                options.Zone = "set";
                options.NodeName = "node-1";
            },
            AddClients);

        Assert.Equal("set", GetZone(pod, "api"));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Hints_are_heeded_as_soon_as_the_zone_is_known()
    {
        await using var server = await ApiServer.StartNewAsync();
        var answer = new TaskCompletionSource();
        server.Fault = async (_, request) =>
        {
            if (request.Resource == "nodes")
            {
                await answer.Task;
            }

            return false;
        };
        server.Store.Set("nodes", Node("node-1", "west-a"));
        server.SetSlice("api-a", Pod("10.0.0.1", zone: "west-a", forZones: ["west-a"]), Pod("10.0.0.2", zone: "west-b", forZones: ["west-b"]));
        await using var pod = new TestPod(server, static options => options.NodeName = "node-1");
        Assert.Equal(0, (await pod.GetMetadataAsync("10.0.0.2")).Priority);

        answer.SetResult();

        await Eventually.TrueAsync(async () => (await pod.GetMetadataAsync("10.0.0.2")).Priority == 1, "the hints are heeded");
        Assert.Equal("west-a", (await pod.GetMetadataAsync("10.0.0.1")).Zone);
        Assert.Equal(0, (await pod.GetMetadataAsync("10.0.0.1")).Priority);
    }

    private static void AddClients(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing();
        services.AddHttpClient("fixed").AddLoadBalancing(static options => options.Zone = "mine");
    }

    private static string? GetZone(TestPod pod, string client) => pod.Services.GetRequiredService<IOptionsFactory<LoadBalancingOptions>>().Create(client).Zone;
}
