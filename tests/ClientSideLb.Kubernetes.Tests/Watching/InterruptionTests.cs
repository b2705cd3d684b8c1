using ClientSideLb.Kubernetes.Tests.Server;
using Microsoft.AspNetCore.Http;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Watching;

public sealed class InterruptionTests
{
    [Fact]
    public async Task A_watch_that_is_cut_goes_on_where_it_was()
    {
        await using var server = await ApiServer.StartNewAsync();
        await using var pod = await StartAsync(server);
        server.SetSlice("api-a", Pod("10.0.0.2"));
        await pod.HasAsync("http://10.0.0.2:8080");

        server.CutWatches();
        server.SetSlice("api-a", Pod("10.0.0.3"));

        await pod.HasAsync("http://10.0.0.3:8080");
        Assert.Equal(1, server.Count("list"));
        await pod.LoggedAsync(401);
        await pod.LoggedAsync(403);
    }

    [Fact]
    public async Task A_bookmark_saves_a_new_list_after_a_cut()
    {
        await using var server = await ApiServer.StartNewAsync();
        await using var pod = await StartAsync(server);

        var bookmarks = pod.Collect("clientsidelb.kubernetes.events");

        // Much happens to other objects, and the versions of the list and of all events of the service are forgotten.
        server.Store.Age(1000);
        server.SendBookmarks();
        await Eventually.TrueAsync(() => Task.FromResult(bookmarks.GetMeasurementSnapshot().Count == 1), "the bookmark has arrived");
        server.Store.Compact();
        server.CutWatches();

        await Eventually.TrueAsync(() => Task.FromResult(server.Count("watch") == 2 && server.Watches.Any()), "the watch is open again");
        Assert.Equal(server.Store.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), server.Watches.Single().Version);
        Assert.Equal(1, server.Count("list"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_version_that_is_gone_leads_to_a_new_list(bool byStatus)
    {
        await using var server = await ApiServer.StartNewAsync();
        await using var pod = await StartAsync(server);
        if (byStatus)
        {
            server.Fault = async (context, request) =>
            {
                if (request.Verb == "watch" && request.Version == "1001")
                {
                    context.Response.StatusCode = 410;
                    await context.Response.WriteAsync("{}");
                    return true;
                }

                return false;
            };
        }

        server.SetSlice("api-b", Pod("10.0.0.2"));
        await pod.HasAsync("http://10.0.0.1:8080", "http://10.0.0.2:8080");
        await server.StopAsync();
        server.SetSlice("api-c", Pod("10.0.0.3"));
        server.DeleteSlice("api-a");
        server.Store.Compact();
        await server.StartAsync();

        await pod.HasAsync("http://10.0.0.2:8080", "http://10.0.0.3:8080");
        Assert.Equal(2, server.Count("list"));
    }

    [Fact]
    public async Task A_version_that_is_always_gone_is_not_asked_for_in_a_loop()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Fault = static async (context, request) =>
        {
            if (request.Verb != "watch")
            {
                return false;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}""" + "\n");
            return true;
        };
        server.SetSlice("api-a", Pod("10.0.0.1"));
        await using var pod = new TestPod(server);
        await pod.AskAsync();

        await pod.LoggedAsync(401);

        Assert.InRange(server.Count("list"), 2, 4);
    }

    [Fact]
    public async Task A_watch_that_always_ends_at_once_is_not_asked_for_in_a_loop()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Fault = static async (context, request) =>
        {
            if (request.Verb != "watch")
            {
                return false;
            }

            context.Response.ContentType = "application/json";
            await context.Response.Body.FlushAsync();
            return true;
        };
        server.SetSlice("api-a", Pod("10.0.0.1"));
        await using var pod = new TestPod(server);
        await pod.AskAsync();

        await Eventually.TrueAsync(() => Task.FromResult(server.Count("watch") >= 2), "the watch is asked for again");

        // In a loop there would be hundreds by now.
        Assert.InRange(server.Count("watch"), 2, 3);
    }

    [Fact]
    public async Task The_last_endpoints_stay_while_the_server_is_away()
    {
        await using var server = await ApiServer.StartNewAsync();
        await using var pod = await StartAsync(server);

        await server.StopAsync();
        await pod.LoggedAsync(401);
        Assert.Equal(["http://10.0.0.1:8080"], await pod.AskAsync());

        server.SetSlice("api-a", Pod("10.0.0.2"));
        await server.StartAsync();

        await pod.HasAsync("http://10.0.0.2:8080");
        var failure = pod.Find(401)[0].Message;
        Assert.Contains("The 1 known endpoints stay in use", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_at_first_fails_the_query_and_answers_the_next_one_once_it_is_back()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice("api-a", Pod("10.0.0.1"));
        await server.StopAsync();
        await using var pod = new TestPod(server);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => pod.AskAsync());
        Assert.Contains($"The connection to the API server at {server.Address.GetLeftPart(UriPartial.Authority)} failed at 'list endpointslices in namespace 'shop''", failure.ToString(), StringComparison.Ordinal);

        await server.StartAsync();
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
    public async Task A_server_that_does_not_answer_in_time_fails_the_query()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Fault = static async (context, _) =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };
        await using var pod = new TestPod(server, static options => options.RequestTimeout = TimeSpan.FromMilliseconds(200));

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => pod.AskAsync());

        Assert.Contains("did not answer 'list endpointslices in namespace 'shop'' in time", failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task<TestPod> StartAsync(ApiServer server)
    {
        server.SetSlice("api-a", Pod("10.0.0.1"));
        var pod = new TestPod(server);
        Assert.Equal(["http://10.0.0.1:8080"], await pod.AskAsync());
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");
        return pod;
    }
}
