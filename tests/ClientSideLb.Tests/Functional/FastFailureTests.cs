using ClientSideLb.Tests.Chaos;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Tests.Functional;

/// <summary>Over sockets, without ejections: a backend that fails at once beside two that work for 20 ms.</summary>
public sealed class FastFailureTests
{
    private const int Requests = 600;
    private const int Callers = 12;

    [Theory]
    [InlineData(LoadBalancingStrategies.PowerOfTwoChoices, 500)]
    [InlineData(LoadBalancingStrategies.PowerOfTwoChoices, 429)]
    [InlineData(LoadBalancingStrategies.PowerOfTwoChoices, 502)]
    [InlineData(LoadBalancingStrategies.LeastConnections, 500)]
    [InlineData(LoadBalancingStrategies.LeastConnections, 429)]
    [InlineData(LoadBalancingStrategies.LeastConnections, 502)]
    public async Task A_backend_that_fails_at_once_gets_at_most_a_twentieth_of_the_requests(string strategy, int status)
    {
        await using var fleet = await BackendFleet.StartAsync([Backend.StartAsync(Answers.Status(status)), Backend.StartAsync(WorkAsync), Backend.StartAsync(WorkAsync)]);
        await using var client = CreateClient(fleet.Select(static backend => backend.Address), strategy);

        await SendAsync(client);

        Assert.InRange(fleet[0].Count, 1, Requests / 20);
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.PowerOfTwoChoices)]
    [InlineData(LoadBalancingStrategies.LeastConnections)]
    public async Task A_backend_that_refuses_connections_gets_at_most_a_twentieth_of_the_requests(string strategy)
    {
        await using var fleet = await BackendFleet.StartAsync(2, WorkAsync);
        var refusing = new Uri($"http://127.0.0.1:{FreePort.Take()}/");
        var refused = 0;
        await using var client = CreateClient([refusing, .. fleet.Select(static backend => backend.Address)], strategy, options => options.IsFailure = result =>
        {
            if (result.Endpoint.Address == refusing)
            {
                Interlocked.Increment(ref refused);
            }

            return result.Verdict is AttemptVerdict.Failure or AttemptVerdict.Refused;
        });

        await SendAsync(client);

        Assert.InRange(refused, 1, Requests / 20);
    }

    private static BalancedClient CreateClient(IEnumerable<Uri> addresses, string strategy, Action<LoadBalancingOptions>? configure = null) =>
        BalancedClient.Of(addresses, options =>
        {
            options.Strategy = strategy;
            options.OutlierDetection.Enabled = false;
            configure?.Invoke(options);
        });

    private static async Task WorkAsync(HttpContext context)
    {
        await Task.Delay(20, context.RequestAborted);
        await context.Response.WriteAsync("ok");
    }

    private static async Task SendAsync(BalancedClient client)
    {
        var sent = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (Interlocked.Increment(ref sent) <= Requests)
            {
                using var response = await client.Http.GetAsync("/");
            }
        }));
    }
}
