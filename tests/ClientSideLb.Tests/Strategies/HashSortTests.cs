namespace ClientSideLb.Tests;

public class HashSortTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Hashes_ascend_and_values_go_with_them(int count)
    {
        var random = new Random(count);
        var hashes = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            hashes[i] = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        }

        AssertSorts(hashes);
    }

    [Fact]
    public void Hashes_that_are_spread_unevenly_are_sorted_too() =>
        AssertSorts([ulong.MaxValue, 5, 4, 3, 2, 1, 0, ulong.MaxValue - 1, 1UL << 63, (1UL << 63) - 1]);

    [Fact]
    public void Equal_hashes_keep_their_order()
    {
        var (hashes, values) = HashSort.Sort([7, 3, 7, 3, 7], [0, 1, 2, 3, 4]);

        Assert.Equal([3, 3, 7, 7, 7], hashes);
        Assert.Equal([1, 3, 0, 2, 4], values);
    }

    private static void AssertSorts(ulong[] hashes)
    {
        int[] values = [.. Enumerable.Range(0, hashes.Length)];

        var sorted = HashSort.Sort(hashes, values);

        int[] expected = [.. values.OrderBy(i => hashes[i])];
        Assert.Equal(expected, sorted.Values);
        Assert.Equal(expected.Select(i => hashes[i]), sorted.Hashes);
    }
}
