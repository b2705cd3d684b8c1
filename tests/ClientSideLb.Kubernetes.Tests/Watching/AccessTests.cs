using ClientSideLb.Kubernetes.Tests.Server;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Watching;

public sealed class AccessTests
{
    [Theory]
    [InlineData("http://api", "shop")]
    [InlineData("http://api.shop", "shop")]
    [InlineData("http://api.billing.svc.cluster.local", "billing")]
    public async Task A_refused_list_says_what_to_grant(string query, string space)
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Allows = static request => request.Verb != "list";
        await using var pod = new TestPod(server);

        var failure = (await Assert.ThrowsAnyAsync<Exception>(() => pod.AskAsync(query))).ToString();

        var grant = $"Grant the application's service account the verb 'list' on the resource 'endpointslices' (apiGroups: [\"discovery.k8s.io\"]) in the namespace '{space}' by a Role and a RoleBinding there.";
        Assert.Contains(grant, failure, StringComparison.Ordinal);
        Assert.Contains("system:serviceaccount:shop:web", failure, StringComparison.Ordinal);
        Assert.Contains(grant, (await pod.LoggedAsync(401)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_watch_says_what_to_grant_and_lists_go_on()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        server.Allows = static request => request.Verb != "watch";
        await using var pod = new TestPod(server);
        await pod.AskAsync();

        Assert.Contains("the verb 'watch' on the resource 'endpointslices'", (await pod.LoggedAsync(401)).Message, StringComparison.Ordinal);
        server.SetSlice("api-a", Pod("10.0.0.2"));

        await pod.HasAsync("http://10.0.0.2:8080");
        Assert.Single(pod.Find(401));
        Assert.Empty(pod.Find(403));
    }

    [Fact]
    public async Task What_is_granted_later_is_used()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        server.Allows = static _ => false;
        await using var pod = new TestPod(server);
        await Assert.ThrowsAnyAsync<Exception>(() => pod.AskAsync());

        server.Allows = static _ => true;

        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await pod.AskAsync()).Length == 1;
                }
                catch (Exception e) when (e is not Xunit.Sdk.XunitException)
                {
                    return false;
                }
            },
            "the query is answered");
    }

    [Fact]
    public async Task A_name_that_may_be_that_of_any_host_is_left_to_others_where_nothing_may_be_read()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Allows = static request => request.Space == "shop";
        await using var pod = new TestPod(server);

        Assert.Empty(await pod.AskAsync("http://example.com"));
        Assert.Contains("in the namespace 'com'", (await pod.LoggedAsync(401)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_token_is_read_again()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        server.Token = "first";
        await using var pod = new TestPod(server, token: "first");
        await pod.AskAsync();
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        server.Token = "second";
        pod.WriteToken("second");
        server.CutWatches();
        server.SetSlice("api-a", Pod("10.0.0.2"));

        await pod.HasAsync("http://10.0.0.2:8080");
        Assert.Equal("second", server.Requests.Last().Token);
    }

    [Fact]
    public async Task A_token_that_is_not_accepted_is_told_and_the_endpoints_stay()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        server.Token = "first";
        await using var pod = new TestPod(server, token: "first");
        await pod.AskAsync();
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        server.Token = "second";
        server.CutWatches();

        await Eventually.TrueAsync(
            () => Task.FromResult(pod.Find(401).Any(static record => record.Message.Contains("does not accept the application's token", StringComparison.Ordinal))),
            "the refusal is logged");
        Assert.Equal(["http://10.0.0.1:8080"], await pod.AskAsync());
        pod.WriteToken("second");
        server.SetSlice("api-a", Pod("10.0.0.2"));
        await pod.HasAsync("http://10.0.0.2:8080");
    }
}
