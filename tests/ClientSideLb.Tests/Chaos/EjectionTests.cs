using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Tests.Chaos;

/// <summary>Endpoints whose requests fail are ejected and come back, over real sockets.</summary>
public sealed class EjectionTests
{
    private readonly ConcurrentDictionary<int, RequestDelegate> _faults = new();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task One_bad_endpoint_is_ejected(int count)
    {
        await using var fleet = await StartAsync(count);
        await using var client = Client(fleet);
        Break(fleet[0], Answers.Status(503));

        await client.GetAsync(60);

        Assert.Equal(EndpointHealth.Ejected, client.EndpointOf(fleet[0]).Health);
        Assert.False(client.EndpointOf(fleet[0]).IsAvailable);
        Assert.Equal(5, fleet[0].Count);
        Assert.Equal(count - 1, client.Endpoints.Count(static endpoint => endpoint.IsAvailable));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    [InlineData(6, 3)]
    public async Task Failing_endpoints_are_ejected_up_to_the_ratio(int count, int left)
    {
        await using var fleet = await StartAsync(count);
        await using var client = Client(fleet);
        foreach (var backend in fleet)
        {
            Break(backend, Answers.Status(503));
        }

        await SendAsync(client, 100);

        Assert.Equal(left, client.Endpoints.Count(static endpoint => endpoint.IsAvailable));
        Assert.Equal(count - left, client.Endpoints.Count(static endpoint => endpoint.Health == EndpointHealth.Ejected));

        // If the last available endpoint fails like the others, all are used.
        Assert.Equal(left == 1, client.Cluster.InPanic);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task All_but_the_last_endpoint_that_refuses_connections_are_ejected(int count)
    {
        var closed = Enumerable.Range(0, count).Select(static _ => new Uri($"http://127.0.0.1:{FreePort.Take()}/"));
        await using var client = BalancedClient.Of(closed, static options => options.Failover.MaxAttempts = 10);
        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("/"));
        }

        Assert.Single(client.Endpoints, static endpoint => endpoint.IsAvailable);
        Assert.True(client.Cluster.InPanic);
    }

    [Fact]
    public async Task An_endpoint_that_fails_every_other_request_is_ejected_by_its_failure_rate()
    {
        var arrivals = 0;
        await using var fleet = await StartAsync(3);
        await using var client = Client(fleet);
        Break(fleet[0], context => Interlocked.Increment(ref arrivals) % 2 == 0 ? Task.CompletedTask : Answers.Status(502)(context));

        await client.GetAsync(200);

        Assert.Equal(EndpointHealth.Ejected, client.EndpointOf(fleet[0]).Health);
        Assert.InRange(fleet[0].Count, 20, 22);
    }

    [Fact]
    public async Task Exactly_one_request_is_the_trial_and_no_other_goes_there_meanwhile()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet, static options => options.OutlierDetection.BaseEjectionTime = TimeSpan.FromMilliseconds(100));
        Break(fleet[0], Answers.Status(503));
        await client.GetAsync(30);
        var failed = fleet[0].Count;

        var gate = new Gate();
        Break(fleet[0], gate.HoldAsync);
        await using var load = new Load(client.Http, clients: 16, request: null);
        await gate.Arrived;
        await load.AnswersAsync(500);
        Assert.Equal(failed + 1, fleet[0].Count);
        Assert.Equal(EndpointHealth.Ejected, client.EndpointOf(fleet[0]).Health);
        Assert.Equal(1, client.EndpointOf(fleet[0]).InFlight);

        // The trial succeeds.
        gate.Open();
        await Eventually.Equal(EndpointHealth.Healthy, () => client.EndpointOf(fleet[0]).Health);
        await Eventually.True(() => fleet[0].Count > failed + 20, "it takes its share");
        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_trial_that_its_caller_gives_up_is_taken_by_another_request()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet, static options => options.OutlierDetection.BaseEjectionTime = TimeSpan.FromMilliseconds(100));
        Break(fleet[0], Answers.Status(503));
        await client.GetAsync(30);
        var gate = new Gate();
        Break(fleet[0], gate.HoldAsync);

        using var impatient = new CancellationTokenSource();
        await Eventually.True(
            async () =>
            {
                var sending = client.Http.GetAsync("/", impatient.Token);
                if (await Task.WhenAny(sending, gate.Arrived) == sending)
                {
                    (await sending).Dispose();
                    return false;
                }

                // This request is the trial.
                await impatient.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
                return true;
            },
            "a request is the trial");
        Assert.Equal(EndpointHealth.Ejected, client.EndpointOf(fleet[0]).Health);

        Mend(fleet[0]);
        await client.GetAsync(1);
        Assert.Equal(EndpointHealth.Healthy, client.EndpointOf(fleet[0]).Health);
    }

    [Fact]
    public async Task A_failed_trial_costs_the_caller_nothing_and_the_endpoint_stays_out_for_longer()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet, static options => options.OutlierDetection.BaseEjectionTime = TimeSpan.FromMilliseconds(50));
        var arrivals = new ConcurrentQueue<long>();
        Break(fleet[0], context =>
        {
            arrivals.Enqueue(TimeProvider.System.GetTimestamp());
            return Answers.Status(503)(context);
        });
        await using var load = new Load(client.Http, clients: 1, request: null);
        await Eventually.True(() => arrivals.Count >= 9, "there are four trials");
        await load.StopAsync();

        // Five failures in a row eject it. Then each trial waits 50 ms longer than the one before.
        var trials = arrivals.TakeLast(4).ToArray();
        var pauses = trials.Zip(trials.Skip(1), static (a, b) => TimeProvider.System.GetElapsedTime(a, b).TotalMilliseconds).ToArray();
        Assert.Empty(load.Failures);
        Assert.All(pauses, static pause => Assert.InRange(pause, 0.9 * 2 * 50, double.MaxValue));
    }

    [Fact]
    public async Task A_post_is_the_trial_if_there_are_only_posts()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet, static options => options.OutlierDetection.BaseEjectionTime = TimeSpan.FromMilliseconds(100));
        Break(fleet[0], Answers.Status(503));
        await SendAsync(client, 30, HttpMethod.Post);
        Assert.Equal(EndpointHealth.Ejected, client.EndpointOf(fleet[0]).Health);
        Mend(fleet[0]);

        await Eventually.True(
            async () =>
            {
                await SendAsync(client, 1, HttpMethod.Post);
                return client.EndpointOf(fleet[0]).Health == EndpointHealth.Healthy;
            },
            "the endpoint is back");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_second_503_with_Retry_After_in_a_row_ejects_the_endpoint_for_no_longer_than_the_maximum(bool asDate)
    {
        await using var fleet = await StartAsync(3);
        await using var client = Client(fleet, static options =>
        {
            options.OutlierDetection.BaseEjectionTime = TimeSpan.FromMilliseconds(100);
            options.OutlierDetection.MaxEjectionTime = TimeSpan.FromMilliseconds(500);
        });
        Break(fleet[0], context => AskForPause(context, 503, asDate));

        while (fleet[0].Count < 2)
        {
            using var response = await client.Http.GetAsync("/");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(fleet[0].Count < 2, client.EndpointOf(fleet[0]).Health != EndpointHealth.Ejected);
        }

        Assert.Equal(EndpointHealth.Ejected, client.EndpointOf(fleet[0]).Health);
        var asked = TimeProvider.System.GetTimestamp();
        Mend(fleet[0]);
        await Eventually.True(
            async () =>
            {
                await client.GetAsync(1);
                return client.EndpointOf(fleet[0]).Health == EndpointHealth.Healthy;
            },
            "the endpoint is back");
        Assert.InRange(TimeProvider.System.GetElapsedTime(asked).TotalMilliseconds, 300, 10_000);
    }

    [Fact]
    public async Task A_429_reaches_the_caller_and_ejects_no_endpoint_whatever_its_Retry_After()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet);
        Break(fleet[0], static context => AskForPause(context, 429, asDate: false));

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
        {
            using var response = await client.Http.GetAsync("/");
            statuses.Add(response.StatusCode);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Equal(EndpointHealth.Healthy, client.EndpointOf(fleet[0]).Health);
    }

    [Fact]
    public async Task A_503_with_Retry_After_for_one_path_ejects_no_endpoint_while_other_paths_are_answered_well()
    {
        await using var fleet = await StartAsync(1);
        await using var client = Client(fleet, static options => options.Failover.Enabled = false);
        Break(fleet[0], static context => context.Request.Path == "/export" ? AskForPause(context, 503, asDate: false) : context.Response.WriteAsync("ok"));

        for (var i = 0; i < 10; i++)
        {
            using var export = await client.Http.GetAsync("/export");
            using var other = await client.Http.GetAsync("/");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (export.StatusCode, other.StatusCode));
        }

        Assert.Equal(EndpointHealth.Healthy, client.EndpointOf(fleet[0]).Health);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_request_moves_to_an_endpoint_that_is_out_rather_than_a_second_time_to_one_that_failed_it(bool synchronous, bool hedged)
    {
        await using var fleet = await StartAsync(3);
        await using var client = Client(fleet, options => options.Failover.HedgingDelay = hedged ? Eventually.Deadline : null);
        Break(fleet[0], Answers.Status(503));
        await client.GetAsync(30);
        Assert.Equal(EndpointHealth.Ejected, client.EndpointOf(fleet[0]).Health);

        Mend(fleet[0]);
        Break(fleet[1], Answers.Status(503));
        Break(fleet[2], Answers.Status(503));
        var before = fleet.Counts;
        using var response = await client.SendAsync(synchronous);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([1, 1, 1], fleet.Counts.Zip(before, static (now, then) => now - then));
    }

    private static Task AskForPause(HttpContext context, int status, bool asDate)
    {
        context.Response.Headers.RetryAfter = asDate ? DateTimeOffset.UtcNow.AddHours(1).ToString("R", CultureInfo.InvariantCulture) : "3600";
        return Answers.Status(status)(context);
    }

    [Fact]
    public async Task IsFailure_replaces_the_rule_for_failover_and_for_ejection()
    {
        await using var fleet = await StartAsync(3);
        await using var client = Client(
            fleet, static options => options.IsFailure = static outcome => outcome.Response?.StatusCode == HttpStatusCode.InternalServerError);

        // A 503 is no failure by this rule, and a 500 is one.
        Break(fleet[0], Answers.Status(503));
        Assert.Equal(10, (await SendAsync(client, 30)).Count(static status => status == HttpStatusCode.ServiceUnavailable));
        Assert.Equal(EndpointHealth.Healthy, client.EndpointOf(fleet[0]).Health);

        Break(fleet[0], Answers.Status(500));
        Assert.All(await SendAsync(client, 60), static status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(EndpointHealth.Ejected, client.EndpointOf(fleet[0]).Health);

        Break(fleet[1], Answers.ResetAsync);
        var failures = 0;
        for (var i = 0; i < 20; i++)
        {
            try
            {
                await client.GetAsync(1);
            }
            catch (HttpRequestException)
            {
                failures++;
            }
        }

        Assert.Equal(10, failures);
        Assert.Equal(EndpointHealth.Healthy, client.EndpointOf(fleet[1]).Health);
    }

    private static async Task<IReadOnlyList<HttpStatusCode>> SendAsync(BalancedClient client, int count, HttpMethod? method = null)
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < count; i++)
        {
            using var request = new HttpRequestMessage(method ?? HttpMethod.Get, "/");
            using var response = await client.Http.SendAsync(request);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }

    // Round robin gives each endpoint its requests. The budget must not matter here.
    private static BalancedClient Client(IEnumerable<Backend> fleet, Action<LoadBalancingOptions>? configure = null) =>
        BalancedClient.Of(fleet, options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.Failover.MinimumRetriesPerSecond = 10_000;
            options.OutlierDetection.BaseEjectionTime = TimeSpan.FromMinutes(2);
            configure?.Invoke(options);
        });

    private Task<BackendFleet> StartAsync(int count) => BackendFleet.StartAsync(
        count, context => _faults.TryGetValue(context.Connection.LocalPort, out var fault) ? fault(context) : context.Response.WriteAsync("ok"));

    private void Break(Backend backend, RequestDelegate fault) => _faults[backend.Port] = fault;

    private void Mend(Backend backend) => _faults.TryRemove(backend.Port, out _);
}
