using CsCheck;

namespace ClientSideLb.Tests;

public sealed class RequestRewriteTests
{
    // Sequences that parsers and escapers often get wrong.
    private static readonly Gen<string> GenPathAndQuery = Gen.OneOf(
            AnyOf.These("/", "//", "/.", "/..", "/./", "/../", "%2F", "%2f", "%2E", "%2e%2E", "%41", "%zz", "%", "%C3%BC", "%00", "\\", ";v=1", ":", "@", "?", "??", "?a=b", "&", "=", "+", "%2B", "%20", "%23", "'", "\"", "<", ">", "[", "]", "{", "}", "|", "^", "`", "~", "!", "$", "(", ")", "*", ","),
            AnyOf.These("a", "B", "ü", "日本", "𝄞", "e\u0301", "segment", "1.0", "...", "-", "_"))
        .Array[0, 12]
        .Select(static parts => "/" + string.Concat(parts));

    private static readonly Gen<(string Address, string BasePath)> GenEndpoint = AnyOf.These(
        ("http://10.0.0.1:5000", ""),
        ("http://10.0.0.1:5000/", ""),
        ("https://api.internal/base", "/base"),
        ("https://api.internal/base/", "/base"),
        ("http://[2001:db8::1]:81/a%2Fb/c/", "/a%2Fb/c"));

    [Fact]
    public void Path_and_query_stay_byte_for_byte() =>
        Gen.Select(GenPathAndQuery, GenEndpoint, AnyOf.These("http", "https", "https+http", "wss"), Gen.Bool).Sample((pathAndQuery, endpoint, scheme, asIs) =>
        {
            var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = asIs };
            AssertRewritten(new Uri($"{scheme}://orders{pathAndQuery}", in options), endpoint.Address, endpoint.BasePath);
        });

    [Theory]
    [InlineData("http://orders", "http://10.0.0.1:5000/")]
    [InlineData("http://orders?x=1", "http://10.0.0.1:5000/?x=1")]
    [InlineData("http://orders/?", "http://10.0.0.1:5000/?")]
    [InlineData("http://orders/a%2Fb", "http://10.0.0.1:5000/a%2Fb")]
    [InlineData("http://orders/%41%2e", "http://10.0.0.1:5000/A.")]
    [InlineData("http://orders/a+b?c=d+e%2B", "http://10.0.0.1:5000/a+b?c=d+e%2B")]
    [InlineData("http://orders/ü?é", "http://10.0.0.1:5000/%C3%BC?%C3%A9")]
    [InlineData("http://orders:8080/a", "http://10.0.0.1:5000/a")]
    [InlineData("https+http://orders/a//b", "http://10.0.0.1:5000/a//b")]
    [InlineData("http://user:secret@orders/a", "http://10.0.0.1:5000/a")]
    public void A_rewritten_address_has_scheme_host_and_port_of_the_endpoint(string logical, string rewritten) =>
        Assert.Equal(rewritten, RequestRewrite.CreateAddress(new EndpointAddress(new Uri("http://10.0.0.1:5000")), new Uri(logical).PathAndQuery).AbsoluteUri);

    [Fact]
    public void Undoing_restores_the_address_and_removes_the_host()
    {
        var logical = new Uri("https://orders/a?b");
        using var request = new HttpRequestMessage(HttpMethod.Get, logical);

        var rewrite = RequestRewrite.Apply(request, Backends.At("https://10.0.0.1:5001"), HostHeaderMode.Auto);
        Assert.Equal("https://10.0.0.1:5001/a?b", request.RequestUri!.AbsoluteUri);
        Assert.Equal("orders", request.Headers.Host);
        rewrite.Undo();

        Assert.Same(logical, request.RequestUri);
        Assert.Null(request.Headers.Host);
    }

    [Theory]
    [InlineData(HostHeaderMode.Auto)]
    [InlineData(HostHeaderMode.Endpoint)]
    [InlineData(HostHeaderMode.Service)]
    public void A_host_that_the_caller_set_wins_and_stays(HostHeaderMode mode)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://orders/");
        request.Headers.Host = "mine.example";

        var rewrite = RequestRewrite.Apply(request, Backends.At("https://10.0.0.1"), mode);
        Assert.Equal("mine.example", request.Headers.Host);
        rewrite.Undo();

        Assert.Equal("mine.example", request.Headers.Host);
    }

    [Fact]
    public void A_second_attempt_carries_nothing_of_the_first()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://orders/a");

        RequestRewrite.Apply(request, Backends.At("https://10.0.0.1/one"), HostHeaderMode.Auto).Undo();
        RequestRewrite.Apply(request, Backends.At("https://two.internal/two"), HostHeaderMode.Auto);

        Assert.Equal("https://two.internal/two/a", request.RequestUri!.AbsoluteUri);
        Assert.Null(request.Headers.Host);
    }

    [Fact]
    public void Undoing_on_a_disposed_request_is_no_fault()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "https://orders/a");
        var rewrite = RequestRewrite.Apply(request, Backends.At("https://10.0.0.1"), HostHeaderMode.Auto);

        request.Dispose();

        Assert.Null(Record.Exception(rewrite.Undo));
    }

    [Theory]
    [InlineData("https+http://orders/a%2Fb?c", "https://orders/a%2Fb?c")]
    [InlineData("http+https://orders:8080/", "http://orders:8080/")]
    [InlineData("http://orders/a", "http://orders/a")]
    [InlineData("ftp+http://orders/a", "ftp+http://orders/a")]
    public void A_request_that_passes_through_goes_to_its_own_name_by_its_first_scheme(string logical, string sent)
    {
        var address = new Uri(logical);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        var rewrite = RequestRewrite.ApplyFirstScheme(request);
        Assert.Equal(sent, request.RequestUri!.AbsoluteUri);
        rewrite.Undo();

        Assert.Same(address, request.RequestUri);
    }

    [Theory]
    [InlineData("http://[fe80::1%25eth0]:8080", "fe80::1%eth0")]
    [InlineData("http://[fe80::1%eth0]/base", "fe80::1%eth0")]
    [InlineData("https://[fe80::1%252]", "fe80::1%2")]
    public void The_zone_of_an_ipv6_endpoint_is_in_the_address_that_is_sent(string endpoint, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/a");

        RequestRewrite.Apply(request, Backends.At(endpoint), HostHeaderMode.Endpoint);

        Assert.Equal(host, request.RequestUri!.IdnHost);
    }

    [Fact]
    public void Passed_through_a_request_keeps_its_zone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https+http://[fe80::1%25eth0]:8080/a");

        RequestRewrite.ApplyFirstScheme(request);

        Assert.Equal(("https", "fe80::1%eth0", 8080, "/a"), (request.RequestUri!.Scheme, request.RequestUri.IdnHost, request.RequestUri.Port, request.RequestUri.AbsolutePath));
    }

    private static void AssertRewritten(Uri logical, string endpoint, string basePath)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, logical);
        var expected = new Uri(endpoint);

        var rewrite = RequestRewrite.Apply(request, Backends.At(endpoint), HostHeaderMode.Endpoint);

        Assert.Equal(basePath + logical.PathAndQuery, request.RequestUri!.PathAndQuery);
        Assert.Equal((expected.Scheme, expected.Host, expected.Port), (request.RequestUri.Scheme, request.RequestUri.Host, request.RequestUri.Port));
        rewrite.Undo();
        Assert.Same(logical, request.RequestUri);
    }
}
