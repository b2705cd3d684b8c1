namespace ClientSideLb.Tests;

public sealed class InFlightTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1_000)]
    public void Every_endpoint_has_a_count_of_its_own(int endpoints)
    {
        var table = new InFlightTable();

        var places = Enumerable.Range(0, 3 * endpoints).Select(_ => table.Take(endpoints)).ToList();

        Assert.Equal(places.Count, places.Distinct().Count());
        Assert.All(places, static place => Assert.Equal(0, place.Count));
    }
}
