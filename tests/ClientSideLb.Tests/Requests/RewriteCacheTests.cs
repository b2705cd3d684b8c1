using System.Runtime.CompilerServices;

namespace ClientSideLb.Tests;

public sealed class RewriteCacheTests
{
    private readonly EndpointAddress _endpoint = new(new Uri("http://10.0.0.1:5000"));
    private readonly RewriteCache _cache = new(new RewriteTable());

    [Fact]
    public void The_address_of_a_repeated_request_allocates_nothing()
    {
        var logical = new Uri("http://orders/a?b=c");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("http://10.0.0.1:5000/a?b=c", _cache.GetAddress(_endpoint, logical).AbsoluteUri);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _cache.GetAddress(_endpoint, logical);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 4_000)]
    public void The_cache_holds_neither_an_address_that_came_once_nor_a_very_long_one(int times, int length)
    {
        var address = Rewritten();

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.False(address.IsAlive);
        GC.KeepAlive(_cache);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference Rewritten()
        {
            var logical = new Uri($"http://orders/{new string('a', length)}");
            WeakReference? latest = null;
            for (var i = 0; i < times; i++)
            {
                var rewritten = _cache.GetAddress(_endpoint, logical);
                Assert.Equal(logical.PathAndQuery, rewritten.PathAndQuery);
                latest = new WeakReference(rewritten);
            }

            return latest!;
        }
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
    public void Ten_thousand_addresses_are_never_mixed_up()
    {
        // There are far more addresses than places. They come in two alternating orders, so that they are kept, found and replaced.
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
    public void The_cache_keeps_path_and_query_byte_for_byte(string pathAndQuery)
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
}
