using System.Text.Json.Nodes;
using ClientSideLb.Kubernetes.Tests.Server;
using Microsoft.AspNetCore.Http;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Watching;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("text/html", "<html>Sign in</html>", "answers 'list endpointslices in namespace 'shop'' with text/html in place of JSON")]
    [InlineData("application/json", "{ \"kind\": ", "cannot be read")]
    [InlineData("application/json", "null", "is not a list of EndpointSlices")]
    [InlineData("application/json", "[1, 2]", "cannot be read")]
    [InlineData("application/json", "{ \"kind\": \"PodList\", \"metadata\": { \"resourceVersion\": \"1\" }, \"items\": [] }", "is not a list of EndpointSlices")]
    [InlineData("application/json", "{ \"kind\": \"EndpointSliceList\", \"metadata\": {}, \"items\": [] }", "is not a list of EndpointSlices")]
    public async Task An_answer_that_is_no_list_fails_the_query(string type, string body, string expected)
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Fault = async (context, _) =>
        {
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body);
            return true;
        };
        await using var pod = new TestPod(server);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => pod.AskAsync());

        Assert.Contains(expected, failure.ToString(), StringComparison.Ordinal);
        Assert.Contains(expected, (await pod.LoggedAsync(401)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("garbage\n")]
    [InlineData("{\"type\":\"ADDED\"\n")]
    [InlineData("null\n")]
    [InlineData("{\"type\":\"SOMETHING\",\"object\":{}}\n")]
    [InlineData("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Endpoin")]
    [InlineData("{\"type\":\"ERROR\",\"object\":\"no\"}\n")]
    public async Task Garbage_in_a_watch_leaves_the_last_endpoints_and_leads_to_a_new_list(string line)
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        server.Fault = async (context, request) =>
        {
            if (request.Verb != "watch" || server.Count("watch") > 1)
            {
                return false;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(line);
            return true;
        };
        await using var pod = new TestPod(server);
        await pod.AskAsync();

        await pod.LoggedAsync(401);
        Assert.Equal(["http://10.0.0.1:8080"], await pod.AskAsync());
        server.SetSlice("api-b", Pod("10.0.0.2"));

        await pod.HasAsync("http://10.0.0.1:8080", "http://10.0.0.2:8080");
    }

    public static TheoryData<string, string> MalformedSlices => new()
    {
        { """{ "addressType": "IPv4", "endpoints": [{}] }""", "has no address" },
        { """{ "addressType": "IPv4", "endpoints": [null] }""", "has no address" },
        { """{ "addressType": "IPv4", "endpoints": [{ "addresses": [] }] }""", "has no address" },
        { """{ "addressType": "IPv4", "endpoints": [{ "addresses": ["fd00::1"] }] }""", "'fd00::1'" },
        { """{ "addressType": "IPv6", "endpoints": [{ "addresses": ["10.0.0.9"] }] }""", "'10.0.0.9'" },
        { """{ "addressType": "IPv9", "endpoints": [] }""", "'IPv9'" },
        { """{ "addressType": "IPv4", "endpoints": "none" }""", "endpoints" },
        { """{ "addressType": "IPv4", "endpoints": [], "ports": [{ "port": 99999 }] }""", "99999" },
        { """{ "addressType": "IPv4", "endpoints": [], "ports": [null] }""", "ports" },
    };

    [Theory]
    [MemberData(nameof(MalformedSlices))]
    public async Task A_malformed_slice_keeps_its_last_good_state_while_others_change(string body, string expected)
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        server.SetSlice("api-b", Pod("10.0.0.2"));
        await using var pod = new TestPod(server);
        await pod.HasAsync("http://10.0.0.1:8080", "http://10.0.0.2:8080");
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        server.SetSlice(Malformed(body, "api-a"));
        server.SetSlice("api-b", Pod("10.0.0.3"));

        await pod.HasAsync("http://10.0.0.1:8080", "http://10.0.0.3:8080");
        var warning = await pod.LoggedAsync(411);
        Assert.Contains("'api-a' is malformed, and its last good state stays in use", warning.Message, StringComparison.Ordinal);
        Assert.Contains(expected, warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_slice_in_a_list_spoils_no_other()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice(Malformed("""{ "addressType": "IPv9", "endpoints": [] }""", "api-a"));
        server.SetSlice("api-b", Pod("10.0.0.2"));
        await using var pod = new TestPod(server);

        Assert.Equal(["http://10.0.0.2:8080"], await pod.AskAsync());
        await pod.LoggedAsync(411);
    }

    [Fact]
    public async Task A_new_list_with_a_malformed_slice_keeps_its_last_good_state()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        server.SetSlice("api-b", Pod("10.0.0.2"));
        await using var pod = new TestPod(server);
        await pod.AskAsync();
        await server.StopAsync();

        server.SetSlice(Malformed("""{ "addressType": "IPv9", "endpoints": [] }""", "api-a"));
        server.SetSlice("api-b", Pod("10.0.0.3"));
        server.Store.Compact();
        await server.StartAsync();

        await pod.HasAsync("http://10.0.0.1:8080", "http://10.0.0.3:8080");
        Assert.Equal(2, server.Count("list"));
    }

    [Fact]
    public async Task A_line_without_end_is_given_up()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        var chunk = new byte[1024 * 1024];
        Array.Fill(chunk, (byte)'x');
        server.Fault = async (context, request) =>
        {
            if (request.Verb != "watch")
            {
                return false;
            }

            context.Response.ContentType = "application/json";
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk);
            }

            return true;
        };
        await using var pod = new TestPod(server);
        await pod.AskAsync();

        Assert.Contains("A line is longer than", (await pod.LoggedAsync(401)).Message, StringComparison.Ordinal);
        Assert.Equal(["http://10.0.0.1:8080"], await pod.AskAsync());
    }

    private static JsonObject Malformed(string body, string name)
    {
        var slice = JsonNode.Parse(body)!.AsObject();
        slice["metadata"] = Slice(name, [])["metadata"]!.DeepClone();
        return slice;
    }
}
