using System.Net;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ClientSideLb.Tests.Chaos;

/// <summary>The standard handlers outside, and the balancer's own failover inside: together they never try an endpoint twice.</summary>
public sealed class ResilienceOutsideTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(1, 3)]
    public async Task Retries_outside_go_on_where_failover_inside_ended(int retries, int attempts)
    {
        await using var fleet = await BackendFleet.StartAsync(6, Refuse);
        await using var client = BalancedClient.Create(builder =>
        {
            builder.AddStandardResilienceHandler(options =>
            {
                options.Retry.MaxRetryAttempts = retries;
                options.Retry.Delay = TimeSpan.Zero;
                options.Retry.UseJitter = false;
                options.Retry.BackoffType = DelayBackoffType.Constant;
            });
            builder.AddLoadBalancing(options => Configure(options, fleet, attempts));
        });

        using var response = await client.Http.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.All(fleet.Counts, static count => Assert.InRange(count, 0, 1));
        Assert.Equal((retries + 1) * attempts, fleet.Counts.Sum());
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_hedged_attempt_outside_that_fails_moves_inside_to_an_endpoint_that_neither_has_tried()
    {
        var gate = new Gate();
        var arrivals = 0;
        await using var fleet = await BackendFleet.StartAsync(3, context => Interlocked.Increment(ref arrivals) switch
        {
            1 => gate.HoldAsync(context),
            2 => Refuse(context),
            _ => context.Response.WriteAsync("ok"),
        });
        await using var client = BalancedClient.Create(builder =>
        {
            builder.AddStandardHedgingHandler().Configure(static options => options.Hedging.Delay = TimeSpan.FromMilliseconds(100));
            builder.AddLoadBalancing(options => Configure(options, fleet, attempts: 2));
        });

        using var response = await Eventually.Done(client.Http.GetAsync("/"));

        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        Assert.Equal([1, 1, 1], fleet.Counts);
        await Eventually.Equal(0, () => client.InFlight);
    }

    private static void Configure(LoadBalancingOptions options, BackendFleet fleet, int attempts)
    {
        options.Strategy = LoadBalancingStrategies.ConsistentHash;
        options.Failover.MaxAttempts = attempts;
        options.OutlierDetection.Enabled = false;
        options.AddEndpoints(fleet);
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync("busy");
    }
}
