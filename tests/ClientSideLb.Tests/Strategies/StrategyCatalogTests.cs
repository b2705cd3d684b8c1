namespace ClientSideLb.Tests;

public sealed class StrategyCatalogTests
{
    [Theory]
    [InlineData("RoundRobin")]
    [InlineData("roundrobin")]
    [InlineData("ROUNDROBIN")]
    public void A_strategy_is_found_by_its_name_in_any_case(string name)
    {
        var catalog = new StrategyCatalog([new RandomStrategy(), new RoundRobinStrategy()]);

        Assert.True(catalog.TryGet(name, out var strategy));
        Assert.IsType<RoundRobinStrategy>(strategy);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("RoundRobbing")]
    public void An_unknown_name_finds_nothing(string? name)
    {
        var catalog = new StrategyCatalog([new RoundRobinStrategy()]);

        Assert.False(catalog.TryGet(name, out var strategy));
        Assert.Null(strategy);
    }

    [Fact]
    public void Two_strategies_of_one_name_are_refused_and_both_are_named()
    {
        var fault = Assert.Throws<InvalidOperationException>(
            () => new StrategyCatalog([new RoundRobinStrategy(), new StubStrategy("ROUNDROBIN")]));

        Assert.Contains(nameof(RoundRobinStrategy), fault.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(StubStrategy), fault.Message, StringComparison.Ordinal);
        Assert.Contains("'ROUNDROBIN'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void A_strategy_without_a_name_is_refused(string name)
    {
        var fault = Assert.Throws<InvalidOperationException>(() => new StrategyCatalog([new StubStrategy(name)]));

        Assert.Contains(nameof(StubStrategy), fault.Message, StringComparison.Ordinal);
    }
}
