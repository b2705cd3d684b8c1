namespace ClientSideLb.Tests;

public sealed class RewriteTableTests
{
    private readonly EndpointAddress _endpoint = new(new Uri("http://10.0.0.1:5000"));
    private readonly RewriteTable _table = new();

    [Fact]
    public void An_address_that_one_client_repeats_is_found_by_the_others()
    {
        var (first, second) = (new RewriteCache(_table), new RewriteCache(_table));
        first.GetAddress(_endpoint, new Uri("http://orders/a"));
        var kept = first.GetAddress(_endpoint, new Uri("http://orders/a"));

        Assert.Same(kept, second.GetAddress(_endpoint, new Uri("http://stock/a")));
    }

    [Fact]
    public void A_table_with_room_for_all_addresses_does_not_grow()
    {
        var size = _table.Size;
        for (var i = 0; i < 100_000; i++)
        {
            _table.GetAddress(_endpoint, $"/{i / 10_000}");
        }

        Assert.Equal(size, _table.Size);
    }

    [Fact]
    public void Addresses_that_a_small_table_has_no_room_for_are_kept_by_a_larger_one()
    {
        var size = _table.Size;
        for (var round = 0; round < 20; round++)
        {
            CountFound(size);
        }

        Assert.InRange(CountFound(size), size / 2, size);
        Assert.True(_table.Size > size);
    }

    [Fact]
    public void Addresses_that_never_repeat_do_not_make_the_table_grow_without_end()
    {
        for (var i = 0; i < 200_000; i++)
        {
            _table.GetAddress(_endpoint, $"/{i}");
        }

        Assert.InRange(_table.Size, 0, 4096);
    }

    // Asks for as many addresses as the smallest table has slots, each once.
    private int CountFound(int count)
    {
        var found = 0;
        for (var i = 0; i < count; i++)
        {
            var path = $"/{i}";
            var before = GC.GetAllocatedBytesForCurrentThread();
            _table.GetAddress(_endpoint, path);
            found += GC.GetAllocatedBytesForCurrentThread() == before ? 1 : 0;
        }

        return found;
    }
}
