using System.Globalization;
using ClientSideLb.Kubernetes.Tests.Server;
using ClientSideLb.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Functional;

/// <summary>A balanced client, with real backends that stand for the pods of a service.</summary>
public sealed class BalancedClientTests
{
    [Fact]
    public async Task Requests_go_to_all_pods_and_a_pod_that_comes_or_goes_reaches_them_without_a_new_list()
    {
        await using var one = await TestBackend.StartNewAsync();
        await using var two = await TestBackend.StartNewAsync();
        await using var server = await ApiServer.StartNewAsync();
        SetPods(server, one);
        await using var pod = new TestPod(server, services: AddClient);
        using var http = pod.Services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        await SendAsync(http, 4);
        Assert.Equal(4, one.Requests);
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        // Service discovery asks a provider that pushes only when it reports a change, so without a push these would wait for ever.
        SetPods(server, one, two);
        await Eventually.TrueAsync(
            async () =>
            {
                await SendAsync(http, 1);
                return two.Requests > 0;
            },
            "the new pod gets requests");

        SetPods(server, two);
        var cluster = Assert.Single(pod.Services.GetRequiredService<IClusterRegistry>().Clusters);
        await Eventually.TrueAsync(() => Task.FromResult(cluster.Endpoints.Count == 1), "the old pod is gone");
        var before = one.Requests;
        await SendAsync(http, 10);
        Assert.Equal(before, one.Requests);
        Assert.Equal(1, server.Count("list"));
    }

    [Fact]
    public async Task A_pod_that_ends_gets_no_new_requests_and_finishes_those_under_way()
    {
        await using var one = await TestBackend.StartNewAsync();
        await using var two = await TestBackend.StartNewAsync();
        await using var server = await ApiServer.StartNewAsync();
        SetPods(server, one, two);
        var release = new TaskCompletionSource();
        one.Answer = _ => release.Task;
        await using var pod = new TestPod(server, services: AddClient);
        using var http = pod.Services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var underWay = new List<Task> { SendAsync(http, 1), SendAsync(http, 1) };
        await Eventually.TrueAsync(() => Task.FromResult(one.Requests == 1 && server.Watches.Any()), "a request is under way");

        server.SetSlice(Slice($"api-{one.Address.Port}", [Pod("127.0.0.1", ready: false, serving: true, terminating: true)], port: one.Address.Port));
        var cluster = Assert.Single(pod.Services.GetRequiredService<IClusterRegistry>().Clusters);
        await Eventually.TrueAsync(() => Task.FromResult(cluster.Endpoints.Any(static endpoint => endpoint.Health == EndpointHealth.Draining)), "the pod drains");
        await SendAsync(http, 10);

        Assert.Equal((1, 11), (one.Requests, two.Requests));
        release.SetResult();
        await Task.WhenAll(underWay);
    }

    [Fact]
    public async Task Requests_stay_in_the_clients_own_zone()
    {
        await using var near = await TestBackend.StartNewAsync();
        await using var far = await TestBackend.StartNewAsync();
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice(Slice("api-near", [Pod("127.0.0.1", zone: "west-a")], port: near.Address.Port));
        server.SetSlice(Slice("api-far", [Pod("127.0.0.1", zone: "west-b")], port: far.Address.Port));
        await using var pod = new TestPod(server, static options => options.Zone = "west-a", AddClient);
        using var http = pod.Services.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        await SendAsync(http, 10);

        Assert.Equal((10, 0), (near.Requests, far.Requests));
    }

    [Fact]
    public async Task Requests_go_on_while_the_server_is_away()
    {
        await using var one = await TestBackend.StartNewAsync();
        await using var server = await ApiServer.StartNewAsync();
        SetPods(server, one);
        await using var pod = new TestPod(server, services: AddClient);
        using var http = pod.Services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        await SendAsync(http, 1);
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        await server.StopAsync();
        await pod.LoggedAsync(401);
        await SendAsync(http, 5);

        Assert.Equal(6, one.Requests);
    }

    [Fact]
    public async Task A_request_to_a_service_that_must_not_be_read_says_what_to_grant()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Allows = static _ => false;
        await using var pod = new TestPod(server, services: AddClient);
        using var http = pod.Services.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        var failure = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => SendAsync(http, 1));

        Assert.Equal(NoEndpointReason.DiscoveryFailed, failure.Reason);
        Assert.Contains("the verb 'list' on the resource 'endpointslices'", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_to_a_host_that_is_no_service_goes_to_the_host_itself()
    {
        await using var backend = await TestBackend.StartNewAsync();
        await using var server = await ApiServer.StartNewAsync();

        // A name that every resolver knows, and that could be that of a service; the file of hosts has it on each machine.
        var name = System.Net.Dns.GetHostName();
        Assert.SkipUnless(Resolves(name), $"The machine does not resolve its own name '{name}'.");
        await using var pod = new TestPod(server, services: services => services
            .AddHttpClient("api", http => http.BaseAddress = new Uri($"http://{name}:{backend.Address.Port}"))
            .UseSocketsHttpHandler(static (handler, _) =>
            {
                handler.UseProxy = false;
                handler.ConnectCallback = static async (context, cancellationToken) =>
                {
                    var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                    await socket.ConnectAsync(System.Net.IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                    return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
                };
            })
            .AddLoadBalancing());
        using var http = pod.Services.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        await SendAsync(http, 3);

        Assert.Equal(3, backend.Requests);
    }

    [Fact]
    public async Task Ten_thousand_pods_are_endpoints_of_one_cluster()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Store.Set(Enumerable.Range(0, 100).Select(static slice => ("endpointslices", Slice(
            string.Create(CultureInfo.InvariantCulture, $"api-{slice}"),
            [.. Enumerable.Range(0, 100).Select(pod => Pod(string.Create(CultureInfo.InvariantCulture, $"127.1.{slice}.{pod + 1}")))],
            port: 1))));
        await using var pod = new TestPod(server, services: AddClient);
        using var http = pod.Services.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync(http, 1));

        var cluster = Assert.Single(pod.Services.GetRequiredService<IClusterRegistry>().Clusters);
        Assert.Equal(10_000, cluster.Endpoints.Count);
    }

    private static bool Resolves(string name)
    {
        try
        {
            return ClientSideLb.Kubernetes.Names.KubernetesServiceName.IsLabel(name) && System.Net.Dns.GetHostAddresses(name).Length > 0;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static void AddClient(IServiceCollection services) => services
        .AddHttpClient("api")
        .UseSocketsHttpHandler(static (handler, _) => handler.UseProxy = false)
        .AddLoadBalancing();

    // All pods of this machine have one address, so each has a slice and a port of its own, as with a named target port.
    private static void SetPods(ApiServer server, params TestBackend[] backends)
    {
        var names = backends.Select(static backend => $"api-{backend.Address.Port}").ToHashSet();
        server.Store.Set(backends.Select(static backend => ("endpointslices", Slice($"api-{backend.Address.Port}", [Pod("127.0.0.1")], port: backend.Address.Port))));
        foreach (var gone in server.Store.List("endpointslices", one => !names.Contains(one["metadata"]!["name"]!.GetValue<string>())).Objects)
        {
            server.DeleteSlice(gone["metadata"]!["name"]!.GetValue<string>());
        }
    }

    private static async Task SendAsync(HttpClient http, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await http.GetAsync(new Uri("", UriKind.Relative));
            response.EnsureSuccessStatusCode();
        }
    }
}
