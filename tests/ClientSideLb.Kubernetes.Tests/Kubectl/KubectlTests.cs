using System.Text.Json.Nodes;
using ClientSideLb.Kubernetes.Tests.Server;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Kubectl;

/// <summary>The API server of the tests, as another client sees it: what kubectl understands, and discovery finds the same in.</summary>
public sealed class KubectlTests
{
    private const string Selector = "--selector=kubernetes.io/service-name=api";

    [Fact]
    public async Task Kubectl_gets_the_endpoints_that_discovery_finds()
    {
        await using var server = await StartAsync();
        using var kubectl = new KubectlTool(server);
        await using var pod = new TestPod(server);

        var list = JsonNode.Parse(await kubectl.RunAsync("get", "endpointslices", Selector, "--output=json"))!;
        var seen = list["items"]!.AsArray().SelectMany(static slice => slice!["endpoints"]!.AsArray().Select(endpoint => $"http://{endpoint!["addresses"]![0]}:{slice["ports"]![0]!["port"]}"));

        Assert.Equal(await pod.AskAsync(), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Kubectl_reads_a_list_page_by_page_as_discovery_does()
    {
        await using var server = await StartAsync();
        server.Store.Set(Enumerable.Range(0, 20).Select(static i => ("endpointslices", Slice($"api-{i}", [Pod($"10.0.1.{i}")]))));
        server.LargestPage = 3;
        using var kubectl = new KubectlTool(server);
        await using var pod = new TestPod(server);

        var names = await kubectl.RunAsync("get", "endpointslices", Selector, "--output=name", "--chunk-size=4");

        Assert.Equal(22, names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(22, (await pod.AskAsync()).Length);
    }

    [Fact]
    public async Task Kubectl_describes_ports_addresses_and_conditions_of_a_slice()
    {
        await using var server = await StartAsync();
        using var kubectl = new KubectlTool(server);

        var text = await kubectl.RunAsync("describe", "endpointslice", "api-a");

        Assert.Matches(@"AddressType:\s+IPv4", text);
        Assert.Matches(@"web\s+8080\s+TCP", text);
        Assert.Matches(@"Addresses:\s+10\.0\.0\.1\s+Conditions:\s+Ready:\s+true", text);
        Assert.Matches(@"Zone:\s+west-a", text);
        Assert.Matches(@"NodeName:\s+node-1", text);
    }

    [Fact]
    public async Task Kubectl_watches_the_changes_that_discovery_gets()
    {
        await using var server = await StartAsync();
        using var kubectl = new KubectlTool(server);
        await using var pod = new TestPod(server);
        await pod.AskAsync();
        using var watch = kubectl.Start(
            "get", "endpointslices", Selector, "--watch", "--output-watch-events", "--output=jsonpath={.type} {.object.metadata.name} {.object.endpoints[*].addresses[0]}{\"\\n\"}");
        try
        {
            Assert.Equal(["ADDED api-a 10.0.0.1", "ADDED api-b 10.0.0.2"], [await ReadAsync(watch), await ReadAsync(watch)]);
            await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Count() == 2), "both watch");

            server.SetSlice("api-a", Pod("10.0.0.1"), Pod("10.0.0.3"));
            Assert.Equal("MODIFIED api-a 10.0.0.1 10.0.0.3", await ReadAsync(watch));
            await pod.HasAsync("http://10.0.0.1:8080", "http://10.0.0.2:8080", "http://10.0.0.3:8080");

            server.DeleteSlice("api-b");
            Assert.Equal("DELETED api-b 10.0.0.2", await ReadAsync(watch));
            await pod.HasAsync("http://10.0.0.1:8080", "http://10.0.0.3:8080");

            server.SetSlice(Slice("api-c", [Pod("10.0.0.4")]));
            Assert.Equal("ADDED api-c 10.0.0.4", await ReadAsync(watch));
            await pod.HasAsync("http://10.0.0.1:8080", "http://10.0.0.3:8080", "http://10.0.0.4:8080");
        }
        finally
        {
            watch.Kill();
        }
    }

    [Fact]
    public async Task Kubectl_is_refused_as_discovery_is()
    {
        await using var server = await StartAsync();
        server.Allows = static _ => false;
        using var kubectl = new KubectlTool(server);

        var failure = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => kubectl.RunAsync("get", "endpointslices"));

        Assert.Contains("Error from server (Forbidden)", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<ApiServer> StartAsync()
    {
        var server = await ApiServer.StartNewAsync();
        server.SetSlice(Slice("api-a", [Pod("10.0.0.1", zone: "west-a", node: "node-1")], ports: [Port("web", 8080)]));
        server.SetSlice(Slice("api-b", [Pod("10.0.0.2", zone: "west-b")]));
        server.SetSlice(Slice("other-a", [Pod("10.0.9.9")], service: "other"));
        return server;
    }

    private static Task<string?> ReadAsync(System.Diagnostics.Process process) =>
        process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Deadline);
}
