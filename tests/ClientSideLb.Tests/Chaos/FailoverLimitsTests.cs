using System.Net;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;
using Polly.Timeout;

namespace ClientSideLb.Tests.Chaos;

/// <summary>How often a request moves, what bounds it, and what the caller gets in the end.</summary>
public sealed class FailoverLimitsTests
{
    [Theory]
    [ClassData<EveryStrategy>]
    public async Task A_request_has_so_many_attempts_and_never_two_at_one_endpoint(string strategy)
    {
        await using var fleet = await BackendFleet.StartAsync(5, Refuse);
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

        // The answers before it are of no use to anybody, and are not in flight any more.
        Assert.Equal([1, 1, 1], fleet.Counts);
        Assert.Equal((1, 1), (client.InFlight, request.GetEndpoint()!.InFlight));
        var port = request.GetEndpoint()!.Address.Port;
        Assert.Same(request, response.RequestMessage);
        Assert.Equal([$"{port}"], response.Headers.GetValues("X-Port"));
        Assert.Equal($"{new string('x', 100_000)} from {port}", await response.Content.ReadAsStringAsync());
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task Without_a_budget_the_caller_gets_the_answer_or_the_exception_of_the_only_attempt()
    {
        await using var fleet = await BackendFleet.StartAsync(3, static context =>
        {
            if (context.Request.Path == "/reset")
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return Refuse(context);
        });
        await using var client = BalancedClient.Of(fleet, static options => NoBudget(options));

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
        await using var fleet = await BackendFleet.StartAsync(3, context => busy ? Refuse(context) : Task.CompletedTask);
        await using var client = BalancedClient.Of(fleet, static options =>
        {
            NoBudget(options);
            options.Failover.RetryBudget = 0.2;
            options.OutlierDetection.Enabled = false;
        });
        await client.GetAsync(100);
        busy = true;
        for (var i = 0; i < 60; i++)
        {
            using var response = await client.Http.GetAsync("/");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }

        // A fifth of 160; the first requests may fall out of the ten seconds.
        Assert.InRange(fleet.Counts.Sum() - 160, 12, 33);
    }

    [Fact]
    public async Task Some_retries_a_second_are_allowed_whatever_the_share()
    {
        await using var fleet = await BackendFleet.StartAsync(3, Refuse);
        await using var client = BalancedClient.Of(fleet, static options =>
        {
            NoBudget(options);
            options.Failover.MinimumRetriesPerSecond = 4;
            options.OutlierDetection.Enabled = false;
        });
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 30; i++)
        {
            using var response = await client.Http.GetAsync("/");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }

        // The seconds are those of the clock.
        var seconds = (int)TimeProvider.System.GetElapsedTime(started).TotalSeconds + 2;
        Assert.InRange(fleet.Counts.Sum() - 30, 4, 4 * seconds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_attempt_timeout_without_failover_ends_the_request(bool synchronous)
    {
        await using var fleet = await BackendFleet.StartAsync(2, static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var client = BalancedClient.Of(fleet, static options =>
        {
            options.Failover.Enabled = false;
            options.Failover.AttemptTimeout = TimeSpan.FromMilliseconds(100);
            options.OutlierDetection.ConsecutiveFailures = 1;
        });

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => SendAsync(client, synchronous));

        // And it is held against the endpoint.
        Assert.Equal(1, fleet.Counts.Sum());
        Assert.Equal(EndpointHealth.Ejected, client.EndpointOf(fleet.Single(static backend => backend.Count == 1)).Health);
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_attempt_timeout_ends_at_the_headers(bool failover)
    {
        await using var backend = await Backend.StartAsync(static async context =>
        {
            await context.Response.WriteAsync("first ");
            await context.Response.Body.FlushAsync();
            await Task.Delay(400);
            await context.Response.WriteAsync("second");
        });
        await using var client = BalancedClient.Of(backend, options =>
        {
            options.Failover.Enabled = failover;
            options.Failover.AttemptTimeout = TimeSpan.FromMilliseconds(200);
        });

        // The first request of a process takes its time.
        await Eventually.True(
            async () =>
            {
                try
                {
                    return await client.Http.GetStringAsync("/") == "first second";
                }
                catch (TimeoutRejectedException)
                {
                    return false;
                }
            },
            "the whole body arrives");
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData("503")]
    [InlineData("reset")]
    [InlineData("hung")]
    public async Task A_synchronous_request_moves_as_well(string outcome)
    {
        var arrivals = 0;
        await using var fleet = await BackendFleet.StartAsync(2, async context =>
        {
            if (Interlocked.Increment(ref arrivals) > 1)
            {
                await context.Response.WriteAsync("ok");
            }
            else if (outcome == "503")
            {
                await Refuse(context);
            }
            else if (outcome == "reset")
            {
                context.Abort();
            }
            else
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
        });
        await using var client = BalancedClient.Of(fleet, static options => options.Failover.AttemptTimeout = TimeSpan.FromSeconds(1));

        using var response = await SendAsync(client, synchronous: true);

        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        Assert.Equal([1, 1], fleet.Counts);
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_synchronous_post_moves_where_nothing_listens()
    {
        await using var good = await Backend.StartAsync();
        await using var client = BalancedClient.Of(
            [good.Address, new Uri($"http://127.0.0.1:{FreePort.Take()}/")],
            static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        for (var i = 0; i < 4; i++)
        {
            using var response = await SendAsync(client, synchronous: true, HttpMethod.Post);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(4, good.Count);
    }

    private static async Task<HttpResponseMessage> SendAsync(BalancedClient client, bool synchronous, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, "/");
        return synchronous ? await Task.Run(() => client.Http.Send(request)) : await client.Http.SendAsync(request);
    }

    private static void NoBudget(LoadBalancingOptions options)
    {
        options.Failover.RetryBudget = 0;
        options.Failover.MinimumRetriesPerSecond = 0;
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync("busy");
    }
}
