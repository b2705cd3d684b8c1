using System.Collections.Concurrent;
using System.Globalization;

namespace ClientSideLb.Tests.Chaos;

/// <summary>Requests that must not be sent twice are not, whatever happens to the backends. The backends write down the id of each request.</summary>
[Collection(ChaosCollection.Name)]
public sealed class NotIdempotentTests(ITestOutputHelper output)
{
    private readonly ConcurrentQueue<string> _sent = new();
    private int _id;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_post_that_was_processed_but_not_answered_is_not_sent_twice(bool withContent)
    {
        await using var test = await ChaosTest.StartAsync(3, output);
        await using var load = test.StartLoad(request: withContent ? Post : PostWithoutContent);

        // The connections are warm now.
        await load.AnswersAsync(200);
        await test[0].BecomeAsync(Mode.ResetBeforeHeaders);

        await test.TimeToAsync(test[0], EndpointHealth.Ejected);
        await load.AnswersAsync(500);
        await load.StopAsync();
        await KillAllAsync(test);

        // Each request was received once, even if its caller saw a failure.
        test.Report(load);
        Assert.NotEmpty(load.Failures);
        Assert.All(load.Failures, static failure => Assert.IsType<HttpRequestException>(failure));
        Assert.Equal(_sent.Order(StringComparer.Ordinal), ReceivedBy(test).Order(StringComparer.Ordinal));
        Assert.Equal(load.Requests, test.Attempts);
    }

    [Fact]
    public async Task A_post_is_received_at_most_once_when_backends_are_killed()
    {
        await using var test = await ChaosTest.StartAsync(3, output);
        await using var load = test.StartLoad(request: Post);

        await test.OutageAsync(load, test[0], test[0].KillAsync, test[0].RestartAsync);
        await KillAllAsync(test);

        // The requests that the killed backend had begun to receive fail: at most one for each client.
        var received = ReceivedBy(test);
        Assert.InRange(load.Failures.Count, 0, Load.DefaultClients);
        Assert.Equal(received.Count, received.Distinct().Count());
        Assert.InRange(received.Count, load.Answers, load.Requests);
        Assert.InRange(test.Attempts - load.Requests, 0, load.Requests);
    }

    [Fact]
    public async Task A_post_to_a_port_where_nothing_listens_moves()
    {
        await using var test = await ChaosTest.StartAsync(3, output, static options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.OutlierDetection.Enabled = false;
        });
        await test[0].KillAsync();
        await using var load = test.StartLoad(request: Post);

        await load.AnswersAsync(300);
        await load.StopAsync();
        await KillAllAsync(test);

        test.Report(load);
        Assert.Empty(load.Failures);
        Assert.Equal(_sent.Order(StringComparer.Ordinal), ReceivedBy(test).Order(StringComparer.Ordinal));
        Assert.InRange(test.AttemptsAt(test[0]), load.Requests / 3, (load.Requests / 3) + Load.DefaultClients);
    }

    private static async Task KillAllAsync(ChaosTest test)
    {
        // After the kill, all ids that the backend wrote have been read.
        for (var i = 0; i < 3; i++)
        {
            await test[i].KillAsync();
        }
    }

    private static List<string> ReceivedBy(ChaosTest test) => [.. Enumerable.Range(0, 3).SelectMany(i => test[i].Received)];

    private HttpRequestMessage PostWithoutContent()
    {
        var request = Post();
        request.Content = null;
        return request;
    }

    private HttpRequestMessage Post()
    {
        var id = Interlocked.Increment(ref _id).ToString(CultureInfo.InvariantCulture);
        _sent.Enqueue(id);
        return new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("order"), Headers = { { "X-Request-Id", id } } };
    }
}
