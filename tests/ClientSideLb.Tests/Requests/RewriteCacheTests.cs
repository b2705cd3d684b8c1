namespace ClientSideLb.Tests;

public sealed class RewriteCacheTests
{
    private readonly EndpointAddress _endpoint = new(new Uri("http://10.0.0.1:5000"));
    private readonly RewriteCache _cache = new();

    [Fact]
    public void An_address_that_is_repeated_is_rewritten_once()
    {
        _cache.GetAddress(_endpoint, new Uri("http://orders/a?b=c"));
        var kept = _cache.GetAddress(_endpoint, new Uri("http://orders/a?b=c"));

        Assert.Same(kept, _cache.GetAddress(_endpoint, new Uri("http://orders/a?b=c")));
        Assert.Equal("http://10.0.0.1:5000/a?b=c", kept.AbsoluteUri);
    }

    [Fact]
    public void An_address_that_came_once_is_not_held()
    {
        var address = Rewritten();

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.False(address.IsAlive);
        GC.KeepAlive(_cache);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        WeakReference Rewritten() => new(_cache.GetAddress(_endpoint, new Uri("http://orders/once")));
    }

    [Fact]
    public void Each_endpoint_has_its_own_address()
    {
        var other = new EndpointAddress(new Uri("https://10.0.0.2/base"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("http://10.0.0.1:5000/a", _cache.GetAddress(_endpoint, new Uri("http://orders/a")).AbsoluteUri);
            Assert.Equal("https://10.0.0.2/base/a", _cache.GetAddress(other, new Uri("http://orders/a")).AbsoluteUri);
        }
    }

    [Fact]
    public void Any_number_of_addresses_meets_its_own_whatever_shares_its_place()
    {
        // Far more than there are places, in two alternating orders, so that addresses are kept, found and driven out.
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 10_000; i++)
            {
                var path = round % 2 == 0 ? i : 9_999 - i;
                Assert.Equal($"/{path}?{path}", _cache.GetAddress(_endpoint, new Uri($"http://orders/{path}?{path}")).PathAndQuery);
                Assert.Equal($"/{path}?{path}", _cache.GetAddress(_endpoint, new Uri($"http://orders/{path}?{path}")).PathAndQuery);
            }
        }
    }

    [Theory]
    [InlineData("/a%2Fb/../c?%41=%zz")]
    [InlineData("/a//b/./c#fragment")]
    public void What_is_kept_is_kept_byte_for_byte(string pathAndQuery)
    {
        var asIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var canonical = new Uri($"http://orders{pathAndQuery}");
        var raw = new Uri($"http://orders{pathAndQuery}", in asIs);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(canonical.PathAndQuery, _cache.GetAddress(_endpoint, canonical).PathAndQuery);
            Assert.Equal(raw.PathAndQuery, _cache.GetAddress(_endpoint, raw).PathAndQuery);
        }
    }

    [Fact]
    public void A_very_long_address_is_rewritten_and_not_kept()
    {
        var logical = new Uri($"http://orders/{new string('a', 4_000)}");

        _cache.GetAddress(_endpoint, logical);
        var second = _cache.GetAddress(_endpoint, logical);

        Assert.Equal(logical.PathAndQuery, second.PathAndQuery);
        Assert.NotSame(second, _cache.GetAddress(_endpoint, logical));
    }
}
