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

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(63)]
    [InlineData(64)]
    public void No_count_is_on_the_cache_line_of_the_length_of_its_array(int endpoints)
    {
        var table = new InFlightTable();

        var places = Enumerable.Range(0, 2 * endpoints).Select(_ => table.Take(endpoints)).ToList();

        Assert.All(places, static place => Assert.InRange(place.Index, InFlightTable.LineLength, place.Counts.Length - 1));
    }

    [Fact]
    public void In_a_small_cluster_no_two_counts_are_on_one_cache_line()
    {
        const int Endpoints = 10;

        var table = new InFlightTable();

        var places = Enumerable.Range(0, Endpoints).Select(_ => table.Take(Endpoints)).ToList();

        Assert.All(places.Zip(places.Skip(1)), static pair => Assert.True(pair.Second.Index - pair.First.Index >= InFlightTable.LineLength));
    }
}
