using System.Net;

namespace ClientSideLb.Tests;

public sealed class ForwardedForTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1, 198.51.100.7, 203.0.113.9", "192.0.2.1")]
    [InlineData(" 192.0.2.1 ,198.51.100.7", "192.0.2.1")]
    [InlineData("192.0.2.1:4711", "192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("unknown", null)]
    [InlineData("", null)]
    [InlineData(",192.0.2.1", null)]
    public void X_Forwarded_For_gives_its_first_address(string header, string? address) =>
        AssertReads(address, ("X-Forwarded-For", header));

    // RFC 7239, sections 4 and 6.
    [Theory]
    [InlineData("for=192.0.2.43", "192.0.2.43")]
    [InlineData("For=192.0.2.43;proto=http;by=203.0.113.43", "192.0.2.43")]
    [InlineData("proto=https; for=192.0.2.43", "192.0.2.43")]
    [InlineData("for=192.0.2.43, for=198.51.100.17", "192.0.2.43")]
    [InlineData("for=\"192.0.2.43:47011\"", "192.0.2.43")]
    [InlineData("for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17")]
    [InlineData("FOR=\"[2001:db8:cafe::17]\"", "2001:db8:cafe::17")]
    [InlineData("for=unknown", null)]
    [InlineData("for=_hidden, for=198.51.100.17", null)]
    [InlineData("by=203.0.113.43", null)]
    [InlineData("", null)]
    public void Forwarded_gives_the_for_of_its_first_element(string header, string? address) =>
        AssertReads(address, ("Forwarded", header));

    [Fact]
    public void X_Forwarded_For_comes_before_Forwarded() =>
        AssertReads("192.0.2.1", ("Forwarded", "for=198.51.100.1"), ("X-Forwarded-For", "192.0.2.1"));

    [Theory]
    [InlineData("unknown")]
    [InlineData("_hidden, 203.0.113.9")]
    [InlineData("")]
    [InlineData(",192.0.2.1")]
    public void Forwarded_is_read_if_X_Forwarded_For_names_no_address(string unreadable) =>
        AssertReads("198.51.100.1", ("Forwarded", "for=198.51.100.1"), ("X-Forwarded-For", unreadable));

    [Fact]
    public void The_first_of_several_headers_counts() =>
        AssertReads("192.0.2.1", ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-For", "192.0.2.2"));

    [Fact]
    public void A_request_without_a_header_has_no_caller() => AssertReads(null);

    private static void AssertReads(string? address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage();
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        Assert.Equal(address is null ? null : IPAddress.Parse(address), ForwardedFor.Read(request));
    }
}
