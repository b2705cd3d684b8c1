namespace ClientSideLb.PublicApi.Tests;

public sealed class PickContextTests
{
    private readonly ClusterEndpoint[] _endpoints = Endpoints.Equal(2);

    [Fact]
    public void A_default_context_excludes_nothing_and_throws_nowhere()
    {
        PickContext context = default;

        Assert.Null(context.HashKey);
        Assert.Null(context.ClientIp);
        Assert.Equal(TimeSpan.Zero, context.Now);
        Assert.False(context.HasExclusions);
        Assert.False(context.IsExcluded(_endpoints[0]));
        Assert.Equal(0, context.Next(10));
        Assert.Same(_endpoints[1], context.FindPermitted(_endpoints, start: 3));
    }

    [Fact]
    public void The_strategies_of_the_library_pick_from_a_default_context()
    {
        using var client = new BalancedClient(new RecordingStrategy(), ["http://a"]);

        Assert.All(client.Strategies, strategy => Assert.Contains(strategy.CreatePicker(Endpoints.SetOf(_endpoints)).Pick(default), _endpoints));
        Assert.True(client.Strategies.Count() > 7);
    }
}
