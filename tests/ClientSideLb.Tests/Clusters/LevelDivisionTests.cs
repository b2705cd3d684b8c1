namespace ClientSideLb.Tests;

public sealed class LevelDivisionTests
{
    private static readonly ClusterEndpoint[] Endpoints =
    [
        .. Enumerable.Range(0, 5).Select(static index => new ClusterEndpoint(
            new EndpointDescription(new EndpointAddress(Backends.AddressOf(index)), Priority: index % 2), InFlightPlace.CreateStandalone())),
    ];

    [Fact]
    public void A_level_knows_the_places_of_its_endpoints()
    {
        var levels = Level.Divide(Endpoints, zone: null)!;

        Assert.Equal([0, 2, 4], levels[0].Places);
        Assert.Equal([1, 3], levels[1].Places);
        Assert.All(levels, static level => Assert.Equal(level.Places.Select(static place => Endpoints[place]), level.Endpoints));
    }

    [Fact]
    public void The_available_endpoints_of_a_level_are_found_by_their_places()
    {
        var levels = Level.Divide(Endpoints, zone: null)!;

        Assert.Equal([Endpoints[2], Endpoints[4]], levels[0].FindAvailable([false, true, true, false, true]));
        Assert.Equal([Endpoints[1]], levels[1].FindAvailable([false, true, true, false, true]));
        Assert.Empty(levels[1].FindAvailable([true, false, true, false, true]));
    }

    [Fact]
    public void A_level_of_which_all_is_available_keeps_its_array()
    {
        var level = Level.Divide(Endpoints, zone: null)![1];

        Assert.Same(level.Endpoints, level.FindAvailable(isAvailable: null));
        Assert.Same(level.Endpoints, level.FindAvailable([false, true, false, true, false]));
    }
}
