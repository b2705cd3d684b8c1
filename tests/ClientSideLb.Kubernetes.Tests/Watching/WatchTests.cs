using ClientSideLb.Kubernetes.Tests.Server;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Watching;

public sealed class WatchTests
{
    [Fact]
    public async Task The_pods_of_all_slices_are_endpoints_once_each()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"), Pod("10.0.0.2"));
        server.SetSlice("api-b", Pod("10.0.0.2"), Pod("10.0.0.3"));
        server.SetSlice(Slice("other", [Pod("10.0.9.9")], service: "other"));
        server.SetSlice(Slice("api", [Pod("10.0.8.8")], space: "elsewhere"));
        await using var pod = new TestPod(server);

        Assert.Equal(["http://10.0.0.1:8080", "http://10.0.0.2:8080", "http://10.0.0.3:8080"], await pod.AskAsync());
    }

    [Fact]
    public async Task Only_the_slices_of_the_service_are_asked_for()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        await using var pod = new TestPod(server);

        await pod.AskAsync();
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        Assert.All(server.Requests, static request =>
        {
            Assert.Equal("shop", request.Space);
            Assert.Equal("kubernetes.io/service-name=api", request.LabelSelector);
        });
        Assert.Equal("true", Assert.Single(server.Watches).Query["allowWatchBookmarks"]);
    }

    [Fact]
    public async Task A_change_is_pushed_by_the_change_token()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        await using var pod = new TestPod(server);
        var source = await pod.QueryAsync();
        var changed = new TaskCompletionSource();
        using var registration = source.ChangeToken.RegisterChangeCallback(_ => changed.TrySetResult(), null);

        server.SetSlice("api-a", Pod("10.0.0.1"), Pod("10.0.0.2"));

        await changed.Task.WaitAsync(Eventually.Deadline);
        await pod.HasAsync("http://10.0.0.1:8080", "http://10.0.0.2:8080");
        Assert.Equal(1, server.Count("list"));
    }

    [Fact]
    public async Task A_deleted_slice_takes_its_endpoints_away()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        server.SetSlice("api-b", Pod("10.0.0.2"));
        await using var pod = new TestPod(server);
        await pod.HasAsync("http://10.0.0.1:8080", "http://10.0.0.2:8080");

        server.DeleteSlice("api-b");

        await pod.HasAsync("http://10.0.0.1:8080");
    }

    [Fact]
    public async Task Many_changes_at_once_are_few_updates()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-0", Pod("10.0.0.0"));
        await using var pod = new TestPod(server);
        await pod.AskAsync();
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        server.Store.Set(Enumerable.Range(0, 50).Select(static i => ("endpointslices", Slice($"api-{i}", [Pod($"10.0.0.{i}")]))));

        await Eventually.TrueAsync(async () => (await pod.AskAsync()).Length == 50, "all pods are there");
        Assert.InRange(pod.Find(400).Length, 2, 10);
    }

    [Fact]
    public async Task A_change_that_says_nothing_new_is_no_update()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1", zone: "a"));
        await using var pod = new TestPod(server);
        await pod.AskAsync();
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        // The control plane touches slices without a change of their endpoints.
        server.SetSlice("api-a", Pod("10.0.0.1", zone: "a"));
        server.SetSlice("api-b", Pod("10.0.0.2"));
        await pod.HasAsync("http://10.0.0.1:8080", "http://10.0.0.2:8080");
        server.SetSlice("api-a", Pod("10.0.0.1", zone: "a"));
        server.DeleteSlice("api-b");
        await pod.HasAsync("http://10.0.0.1:8080");

        Assert.Equal(3, pod.Find(400).Length);
    }

    [Fact]
    public async Task A_list_of_many_pages_is_read_whole()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.LargestPage = 7;
        server.Store.Set(Enumerable.Range(0, 100).Select(static slice => ("endpointslices", Slice(
            $"api-{slice}", [.. Enumerable.Range(0, 100).Select(pod => Pod($"10.1.{slice}.{pod}"))]))));
        await using var pod = new TestPod(server);

        var endpoints = await pod.AskAsync();

        Assert.Equal(10_000, endpoints.Distinct().Count());
        Assert.Equal(15, server.Count("list"));
    }

    [Fact]
    public async Task Several_queries_for_one_service_share_a_watch()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        await using var pod = new TestPod(server);

        await Task.WhenAll(pod.AskAsync("http://api"), pod.AskAsync("https+http://api"), pod.AskAsync("http://_x.api").ContinueWith(static _ => "", TaskScheduler.Default));

        Assert.Equal(1, server.Count("list"));
    }

    [Fact]
    public async Task The_watch_of_a_service_that_nobody_asks_for_any_more_ends()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        await using var pod = new TestPod(server);
        var one = pod.CreateProvider("http://api");
        var two = pod.CreateProvider("http://api");
        var found = new FoundEndpoints();
        await one.PopulateAsync(found, TestContext.Current.CancellationToken);
        await two.PopulateAsync(new FoundEndpoints(), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        await one.DisposeAsync();
        Assert.Single(server.Watches);
        await two.DisposeAsync();

        await Eventually.TrueAsync(() => Task.FromResult(!server.Watches.Any()), "the watch has ended");
        Assert.Single(found.Endpoints);
        await pod.LoggedAsync(405);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_runs_after_the_container_is_gone(bool hangs)
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        if (hangs)
        {
            server.Fault = static async (context, request) =>
            {
                if (request.Verb == "list")
                {
                    return false;
                }

                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return true;
            };
        }

        var pod = new TestPod(server);
        await pod.AskAsync();
        await Eventually.TrueAsync(() => Task.FromResult(server.Count("watch") == 1), "the watch is asked for");

        await pod.DisposeAsync();

        await Eventually.TrueAsync(() => Task.FromResult(!server.Watches.Any()), "the watch has ended");
        var requests = server.Requests.Count;
        server.SetSlice("api-a", Pod("10.0.0.2"));
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => pod.AskAsync());
        Assert.Equal(requests, server.Requests.Count);
    }
}
