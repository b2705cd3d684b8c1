using ClientSideLb.PublicApi.Tests.Strategies;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.PublicApi.Tests.Results;

/// <summary>What a strategy shows of the latencies that it compares.</summary>
public sealed class LatencyEstimateTests
{
    private static readonly string[] TwoEndpoints = ["http://a", "http://b"];

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task The_estimate_of_a_strategy_of_ones_own_is_that_of_this_moment()
    {
        using var client = CreateClient(new PeakEwmaStrategy(), milliseconds: 400);

        await client.SendAsync(20);

        // It has decayed a little if the last requests went to the other endpoint.
        var before = ReadMilliseconds(client, "http://a")!.Value;
        Assert.InRange(before, 100, 400);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(before / Math.E, ReadMilliseconds(client, "http://a")!.Value, precision: 3);
    }

    [Fact]
    public async Task An_endpoint_that_is_out_still_has_an_estimate()
    {
        using var client = CreateClient(new PeakEwmaStrategy(), milliseconds: 400);
        await client.SendAsync(20);

        client.Cluster.TryDrain(new Uri("http://a"));

        Assert.InRange(ReadMilliseconds(client, "http://a")!.Value, 1, 400);
    }

    [Fact]
    public async Task A_strategy_that_compares_no_latencies_shows_none()
    {
        using var client = CreateClient(new LeastUsedStrategy(), milliseconds: 400);

        await client.SendAsync(4);

        Assert.Null(ReadMilliseconds(client, "http://a"));
        Assert.NotNull(client["http://a"].Latency);
    }

    [Fact]
    public void A_strategy_that_fails_to_tell_its_estimate_shows_none()
    {
        using var client = CreateClient(
            new EstimatingStrategy(static endpoint => endpoint.Address.Host == "a" ? throw new InvalidOperationException() : TimeSpan.FromMilliseconds(7)), milliseconds: 1);

        Assert.Null(ReadMilliseconds(client, "http://a"));
        Assert.Equal(7, ReadMilliseconds(client, "http://b"));
    }

    [Fact]
    public void An_estimate_is_that_of_an_endpoint()
    {
        using var client = CreateClient(new PeakEwmaStrategy(), milliseconds: 1);

        Assert.Throws<ArgumentNullException>("endpoint", () => client.Cluster.GetLatencyEstimate(null!));
    }

    private static double? ReadMilliseconds(BalancedClient client, string address) => client.Cluster.GetLatencyEstimate(client[address])?.TotalMilliseconds;

    private BalancedClient CreateClient(ILoadBalancingStrategy strategy, int milliseconds) => new(
        strategy,
        TwoEndpoints,
        (_, _) =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            return StubHandler.Answer();
        },
        time: _time);
}
