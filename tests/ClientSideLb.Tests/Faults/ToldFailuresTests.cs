using System.Net;
using ClientSideLb.Tests.Chaos;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ClientSideLb.Tests.Faults;

/// <summary>What the exception of a request that failed says to its caller.</summary>
public sealed class ToldFailuresTests
{
    // Only the endpoint that hangs may take longer than this, also on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_failed_everywhere_tells_what_each_endpoint_did(bool synchronous)
    {
        await using var hung = await Backend.StartAsync(Answers.HangAsync);
        await using var broken = await Backend.StartAsync(Answers.ResetAsync);
        var closed = new Uri($"http://127.0.0.1:{FreePort.Take()}/");
        await using var client = BalancedClient.Of([hung.Address, broken.Address, closed], static options => options.Failover.AttemptTimeout = Patience);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(synchronous));

        Assert.StartsWith("3 endpoints tried: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"http://127.0.0.1:{hung.Port}: no response headers within {DurationText.Of(Patience)}", failure.Message, StringComparison.Ordinal);
        Assert.Matches(BrokenAt(broken), failure.Message);
        Assert.Contains($"http://127.0.0.1:{closed.Port}: the connection was refused (ConnectionRefused)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hedged_request_that_failed_everywhere_tells_what_each_endpoint_did()
    {
        await using var fleet = await BackendFleet.StartAsync(2, Answers.ResetAsync);
        await using var client = BalancedClient.Of(fleet, static options => options.Failover.HedgingDelay = TimeSpan.FromMinutes(1));

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("/?key=secret"));

        Assert.StartsWith("2 endpoints tried: ", failure.Message, StringComparison.Ordinal);
        Assert.All(fleet, backend => Assert.Matches(BrokenAt(backend), failure.Message));
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_that_ends_the_attempts_reaches_the_caller_as_it_is()
    {
        await using var fleet = await BackendFleet.StartAsync(2, Answers.BusyAsync);
        await using var client = BalancedClient.Of(fleet);

        using var response = await client.Http.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("busy", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_resilience_handler_outside_takes_an_attempt_timeout_for_a_transient_fault_and_sends_the_request_again()
    {
        var arrivals = 0;
        await using var fleet = await BackendFleet.StartAsync(
            2, context => Interlocked.Increment(ref arrivals) == 1 ? Answers.HangAsync(context) : context.Response.WriteAsync("ok"));
        await using var client = BalancedClient.Create(builder =>
        {
            builder.AddResilienceHandler("retry", static pipeline =>
                pipeline.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 1, Delay = TimeSpan.Zero, BackoffType = DelayBackoffType.Constant }));
            builder.AddLoadBalancing(options =>
            {
                options.AddEndpoints(fleet);
                options.Failover.AttemptTimeout = Patience;
            });
        });

        // The balancer does not send a POST again after it may have been processed.
        using var response = await client.Http.PostAsync("/", new StringContent("order"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([1, 1], fleet.Counts);
    }

    // Which of the two it is depends on what the server had still to read.
    private static string BrokenAt(Backend backend) => $"http://127.0.0.1:{backend.Port}: (the connection was closed|the response ended too early) ";
}
