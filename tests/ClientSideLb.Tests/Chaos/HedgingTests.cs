using System.Net;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Tests.Chaos;

/// <summary>A request without an answer is also sent to a second endpoint.</summary>
public sealed class HedgingTests
{
    private readonly ObservedTime _time = new();
    private readonly Gate _first = new();
    private readonly Gate _second = new();
    private readonly TaskCompletionSource<int> _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrivals;

    [Fact]
    public async Task The_first_answer_wins_and_the_loser_is_cancelled()
    {
        await using var fleet = await StartAsync();
        await using var client = Client(fleet);
        _second.Open();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");

        var sending = client.Http.SendAsync(request);
        await _first.Arrived;
        await _time.PassNextPauseAsync();
        using var response = await Eventually.Done(sending);

        var winner = int.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(winner, request.GetEndpoint()!.Address.Port);
        Assert.Same(request, response.RequestMessage);
        var loser = await Eventually.Done(_cancelled.Task);
        Assert.NotEqual(winner, loser);
        Assert.Equal([0, 1, 1], fleet.Counts.Order());
        await Eventually.Equal(0, () => client.InFlight);

        // A slower endpoint has not failed.
        Assert.DoesNotContain(client.Endpoints, static endpoint => endpoint.Health == EndpointHealth.Ejected);
    }

    [Fact]
    public async Task The_first_attempt_may_still_win_and_its_body_is_read_to_its_end()
    {
        await using var fleet = await StartAsync();
        await using var client = Client(fleet);
        var sending = client.Http.GetAsync("/long", HttpCompletionOption.ResponseHeadersRead);
        await _first.Arrived;
        await _time.PassNextPauseAsync();
        await _second.Arrived;

        _first.Open();
        using var response = await Eventually.Done(sending);
        var loser = await Eventually.Done(_cancelled.Task);
        await Eventually.Equal(1, () => client.InFlight);
        var body = await Eventually.Done(response.Content.ReadAsStringAsync());

        Assert.NotEqual(loser, response.RequestMessage!.GetEndpoint()!.Address.Port);
        Assert.Equal($"{response.RequestMessage!.GetEndpoint()!.Address.Port}{new string('x', 1_000_000)}", body);
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    [InlineData("PUT", true)]
    public async Task A_request_that_must_not_be_sent_twice_is_not_hedged(string method, bool stream)
    {
        await using var fleet = await StartAsync();
        await using var client = Client(fleet);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/")
        {
            Content = stream ? new StreamContent(new MemoryStream([1])) : new StringContent("order"),
        };
        var sending = client.Http.SendAsync(request);
        await _first.Arrived;

        // A request that may be hedged is sent twice within the same time.
        var other = client.Http.GetAsync("/other");
        await _time.PassNextPauseAsync();
        await Eventually.Equal(3, () => _arrivals);
        _first.Open();
        _second.Open();
        using var response = await Eventually.Done(sending);
        (await Eventually.Done(other)).Dispose();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(fleet.SelectMany(static backend => backend.Received), received => received.Method == method);
        await Eventually.Equal(0, () => client.InFlight);
    }

    [Fact]
    public async Task A_hedged_request_has_no_more_attempts_than_allowed_and_its_cancellation_ends_them_all()
    {
        await using var fleet = await StartAsync();
        await using var client = Client(fleet, static options => options.Failover.MaxAttempts = 2);
        using var cancellation = new CancellationTokenSource();
        var sending = client.Http.GetAsync("/", cancellation.Token);
        await _time.PassNextPauseAsync();
        await _second.Arrived;
        await _time.PassNextPauseAsync();

        // Another request is sent twice after the time for a third attempt.
        var other = client.Http.GetAsync("/other", cancellation.Token);
        await _time.PassNextPauseAsync();
        await Eventually.Equal(4, () => _arrivals);
        Assert.Equal(2, fleet.SelectMany(static backend => backend.Received).Count(static received => received.Target == "/"));
        Assert.Equal(4, client.InFlight);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Done(sending));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Done(other));
        await Eventually.Equal(0, () => client.InFlight);
    }

    [Theory]
    [InlineData("/busy")]
    [InlineData("/reset")]
    public async Task The_next_attempt_follows_a_failure_at_once(string path)
    {
        await using var fleet = await StartAsync();
        await using var client = Client(fleet);
        _second.Open();

        using var response = await Eventually.Done(client.Http.GetAsync(path));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([0, 1, 1], fleet.Counts.Order());
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task The_caller_gets_the_last_answer_if_all_attempts_fail()
    {
        await using var fleet = await BackendFleet.StartAsync(3, Answers.BusyAsync);
        await using var client = Client(fleet);

        using var response = await Eventually.Done(client.Http.GetAsync("/"));

        Assert.Equal("busy", await response.Content.ReadAsStringAsync());
        Assert.Equal([1, 1, 1], fleet.Counts);
        await Eventually.Equal(0, () => client.InFlight);
    }

    [Fact]
    public async Task Each_of_several_attempts_at_the_same_time_sends_the_whole_content()
    {
        await using var fleet = await BackendFleet.StartAsync(3, static context => context.Request.Body.CopyToAsync(context.Response.Body));
        await using var client = Client(fleet, static options =>
        {
            options.Failover.HedgingDelay = TimeSpan.Zero;
            options.Failover.MinimumRetriesPerSecond = 10_000;
        });

        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellationToken) =>
        {
            var body = new string((char)('a' + (i % 26)), 20_000);
            using var response = await client.Http.PutAsync("/", new StringContent(body), cancellationToken);
            Assert.Equal(body, await response.Content.ReadAsStringAsync(cancellationToken));
        });

        Assert.InRange(fleet.Counts.Sum(), 201, 600);
        await Eventually.Equal(0, () => client.InFlight);
    }

    [Fact]
    public async Task A_request_that_may_not_be_hedged_any_more_waits_for_its_answer_without_taking_a_thread()
    {
        await using var fleet = await StartAsync();
        await using var client = Client(fleet, static options => options.Failover.HedgingDelay = TimeSpan.Zero);

        // The call returns its task although no backend has answered.
        var call = Task.Factory.StartNew(() => client.Http.GetAsync("/"), TaskCreationOptions.LongRunning);
        var sending = await Eventually.Done(call);
        await Eventually.Equal(3, () => fleet.Counts.Sum());
        Assert.False(sending.IsCompleted);

        _first.Open();
        using var response = await Eventually.Done(sending);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private BalancedClient Client(IEnumerable<Backend> fleet, Action<LoadBalancingOptions>? configure = null) => BalancedClient.Of(
        fleet,
        options =>
        {
            options.Failover.HedgingDelay = TimeSpan.FromMinutes(1);
            configure?.Invoke(options);
        },
        _time);

    // The first request to arrive waits at one gate, and all others at another. The answer is the backend's port.
    private Task<BackendFleet> StartAsync() => BackendFleet.StartAsync(3, async context =>
    {
        var isFirst = Interlocked.Increment(ref _arrivals) == 1;
        try
        {
            switch (context.Request.Path.Value)
            {
                case "/busy" when isFirst:
                    await Answers.BusyAsync(context);
                    return;
                case "/reset" when isFirst:
                    await Answers.ResetAsync(context);
                    return;
                default:
                    await (isFirst ? _first : _second).HoldAsync(context);
                    break;
            }

            await context.Response.WriteAsync($"{context.Connection.LocalPort}");
            if (context.Request.Path == "/long")
            {
                await context.Response.Body.FlushAsync();
                await context.Response.WriteAsync(new string('x', 1_000_000));
            }
        }
        catch (OperationCanceledException)
        {
            _cancelled.TrySetResult(context.Connection.LocalPort);
        }
    });
}
