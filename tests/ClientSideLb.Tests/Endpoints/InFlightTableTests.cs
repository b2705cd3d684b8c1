namespace ClientSideLb.Tests;

public sealed class InFlightTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1_000)]
    public void Every_endpoint_has_a_place_of_its_own(int endpoints)
    {
        var table = new InFlightTable();

        var places = Enumerable.Range(0, 3 * endpoints).Select(_ => table.Take(endpoints)).ToList();

        Assert.Equal(places.Count, places.Distinct().Count());
        Assert.All(places, static place => Assert.Equal(0, place.Count));
    }

    [Fact]
    public void Few_endpoints_count_on_cache_lines_of_their_own_and_many_side_by_side()
    {
        Assert.Equal(InFlightTable.Line, DistanceOf(new InFlightTable(), endpoints: 10));
        Assert.Equal(1, DistanceOf(new InFlightTable(), endpoints: InFlightTable.SideBySideFrom));
    }

    private static int DistanceOf(InFlightTable table, int endpoints) => -table.Take(endpoints).Index + table.Take(endpoints).Index;
}
