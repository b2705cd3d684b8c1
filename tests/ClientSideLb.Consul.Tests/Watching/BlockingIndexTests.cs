using ClientSideLb.Consul.Watching;

namespace ClientSideLb.Consul.Tests.Watching;

public sealed class BlockingIndexTests
{
    [Theory]
    [InlineData(0, 7, 7)]
    [InlineData(7, 7, 7)]
    [InlineData(7, 9, 9)]
    public void The_next_query_waits_with_the_index_of_the_answer(ulong asked, ulong answered, ulong next) =>
        Assert.Equal(next, BlockingIndex.GetNext(asked, answered));

    [Theory]
    [InlineData(7, 6)]
    [InlineData(7, 0)]
    [InlineData(ulong.MaxValue, 1)]
    public void An_index_that_goes_backwards_starts_again_from_0(ulong asked, ulong answered) => Assert.Equal(0ul, BlockingIndex.GetNext(asked, answered));

    [Fact]
    public void The_index_0_becomes_1_so_that_the_next_query_waits() => Assert.Equal(1ul, BlockingIndex.GetNext(0, 0));

    [Fact]
    public void Without_an_index_the_next_query_does_not_wait() => Assert.Equal(0ul, BlockingIndex.GetNext(7, null));
}
