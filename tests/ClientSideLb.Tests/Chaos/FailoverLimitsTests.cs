using System.Net;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Tests.Chaos;

/// <summary>The number of a request's attempts, its limits, and the result that the caller gets.</summary>
public sealed class FailoverLimitsTests
{
    private readonly ObservedTime _time = new();

    [Theory]
    [ClassData<EveryStrategy>]
    public async Task A_request_has_the_configured_number_of_attempts_and_never_two_at_one_endpoint(string strategy)
    {
        await using var fleet = await BackendFleet.StartAsync(5, Answers.BusyAsync);
        foreach (var (allowed, expected) in ((int, int)[])[(1, 1), (2, 2), (3, 3), (5, 5), (10, 5)])
        {
            await using var client = BalancedClient.Of(fleet, options =>
            {
                options.Strategy = strategy;
                options.Failover.MaxAttempts = allowed;
                options.OutlierDetection.Enabled = false;
            });
            var before = fleet.Counts;

            using var response = await client.Http.GetAsync("/");

            var attempts = fleet.Counts.Zip(before, static (now, before) => now - before).ToArray();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(expected, attempts.Sum());
            Assert.All(attempts, static count => Assert.InRange(count, 0, 1));
            Assert.Equal(0, client.InFlight);
        }
    }

    [Fact]
    public async Task The_answer_of_the_last_attempt_reaches_the_caller_whole()
    {
        await using var fleet = await BackendFleet.StartAsync(3, static context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["X-Port"] = $"{context.Connection.LocalPort}";
            return context.Response.WriteAsync($"{new string('x', 100_000)} from {context.Connection.LocalPort}");
        });
        await using var client = BalancedClient.Of(fleet);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");

        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        // The answers of the other attempts have been disposed of, and no longer count in flight.
        Assert.Equal([1, 1, 1], fleet.Counts);
        Assert.Equal((1, 1), (client.InFlight, request.GetEndpoint()!.InFlight));
        var port = request.GetEndpoint()!.Address.Port;
        Assert.Same(request, response.RequestMessage);
        Assert.Equal([$"{port}"], response.Headers.GetValues("X-Port"));
        Assert.Equal($"{new string('x', 100_000)} from {port}", await response.Content.ReadAsStringAsync());
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task The_caller_gets_the_result_of_the_only_attempt_without_a_budget()
    {
        await using var fleet = await BackendFleet.StartAsync(
            3, static context => context.Request.Path == "/reset" ? Answers.ResetAsync(context) : Answers.BusyAsync(context));
        await using var client = WithBudget(fleet, share: 0, minimumPerSecond: 0);

        using var response = await client.Http.GetAsync("/");
        Assert.Equal("busy", await response.Content.ReadAsStringAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("/reset"));

        Assert.Equal(2, fleet.Counts.Sum());
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task Retries_are_a_share_of_the_requests()
    {
        var busy = false;
        await using var fleet = await BackendFleet.StartAsync(3, context => busy ? Answers.BusyAsync(context) : Task.CompletedTask);
        await using var client = WithBudget(fleet, share: 0.2, minimumPerSecond: 0);
        await client.GetAsync(100);
        busy = true;

        await AssertBusyAsync(client, requests: 60);

        // A fifth of 160.
        Assert.Equal(160 + 32, fleet.Counts.Sum());
    }

    [Fact]
    public async Task Some_retries_a_second_are_allowed_whatever_the_share()
    {
        await using var fleet = await BackendFleet.StartAsync(3, Answers.BusyAsync);
        await using var client = WithBudget(fleet, share: 0, minimumPerSecond: 4);

        await AssertBusyAsync(client, requests: 30);
        Assert.Equal(30 + 4, fleet.Counts.Sum());

        _time.Advance(TimeSpan.FromSeconds(1));
        await AssertBusyAsync(client, requests: 30);
        Assert.Equal(60 + 8, fleet.Counts.Sum());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_attempt_timeout_without_failover_ends_the_request_and_counts_against_the_endpoint(bool synchronous)
    {
        await using var fleet = await BackendFleet.StartAsync(2, Answers.HangAsync);
        await using var client = BalancedClient.Of(
            fleet,
            static options =>
            {
                options.Failover.Enabled = false;
                options.Failover.AttemptTimeout = TimeSpan.FromMinutes(1);
                options.OutlierDetection.ConsecutiveFailures = 1;
            },
            _time);

        var sending = client.SendAsync(synchronous);
        await Eventually.Equal(1, () => fleet.Counts.Sum());
        await _time.PassNextPauseAsync();

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => Eventually.Done(sending));
        Assert.IsType<TimeoutException>(failure.InnerException);
        Assert.Equal(1, fleet.Counts.Sum());
        Assert.Equal(EndpointHealth.Ejected, client.EndpointOf(fleet.Single(static backend => backend.Count == 1)).Health);
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_attempt_timeout_ends_at_the_headers(bool failover)
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(async context =>
        {
            await context.Response.WriteAsync("first ");
            await context.Response.Body.FlushAsync();
            await gate.HoldAsync(context);
            await context.Response.WriteAsync("second");
        });
        await using var client = BalancedClient.Of(
            backend,
            options =>
            {
                options.Failover.Enabled = failover;
                options.Failover.AttemptTimeout = TimeSpan.FromMinutes(1);
            },
            _time);

        using var response = await Eventually.Done(client.Http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead));
        _time.Advance(TimeSpan.FromHours(1));
        gate.Open();

        Assert.Equal("first second", await Eventually.Done(response.Content.ReadAsStringAsync()));
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData("503")]
    [InlineData("reset")]
    [InlineData("hung")]
    public async Task A_synchronous_request_moves_too(string outcome)
    {
        var arrivals = 0;
        await using var fleet = await BackendFleet.StartAsync(2, context => (Interlocked.Increment(ref arrivals), outcome) switch
        {
            ( > 1, _) => context.Response.WriteAsync("ok"),
            (_, "503") => Answers.BusyAsync(context),
            (_, "reset") => Answers.ResetAsync(context),
            _ => Answers.HangAsync(context),
        });
        await using var client = BalancedClient.Of(fleet, static options => options.Failover.AttemptTimeout = TimeSpan.FromMinutes(1), _time);

        var sending = client.SendAsync(synchronous: true);
        if (outcome == "hung")
        {
            await Eventually.Equal(1, () => arrivals);
            await _time.PassNextPauseAsync();
        }

        using var response = await Eventually.Done(sending);
        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        Assert.Equal([1, 1], fleet.Counts);
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_attempt_that_breaks_moves_like_the_first_one(bool synchronous)
    {
        var arrivals = 0;
        await using var fleet = await BackendFleet.StartAsync(
            3, context => Interlocked.Increment(ref arrivals) > 2 ? context.Response.WriteAsync("ok") : Answers.ResetAsync(context));
        await using var client = BalancedClient.Of(fleet);

        using var response = await Eventually.Done(client.SendAsync(synchronous));

        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        Assert.Equal([1, 1, 1], fleet.Counts);
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_synchronous_post_moves_from_a_port_where_nothing_listens()
    {
        await using var good = await Backend.StartAsync();
        await using var client = BalancedClient.Of(
            [good.Address, new Uri($"http://127.0.0.1:{FreePort.Take()}/")],
            static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        for (var i = 0; i < 4; i++)
        {
            using var response = await client.SendAsync(synchronous: true, HttpMethod.Post);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(4, good.Count);
    }

    private static async Task AssertBusyAsync(BalancedClient client, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            using var response = await client.Http.GetAsync("/");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
    }

    private BalancedClient WithBudget(BackendFleet fleet, double share, int minimumPerSecond) => BalancedClient.Of(
        fleet,
        options =>
        {
            options.Failover.RetryBudget = share;
            options.Failover.MinimumRetriesPerSecond = minimumPerSecond;
            options.OutlierDetection.Enabled = false;
        },
        _time);
}
