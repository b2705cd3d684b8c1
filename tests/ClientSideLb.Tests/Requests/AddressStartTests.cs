using CsCheck;

namespace ClientSideLb.Tests;

public sealed class AddressStartTests
{
    private static readonly Gen<string> GenStart = AnyOf.These(
        "http://orders", "HTTP://Orders", "http://orders:80", "http://orders:8080", "https://orders", "https+http://orders", "ws://orders", "http://name@orders", "http://name:pass@orders",
        "http://orders.internal", "http://ordersx", "http://[::1]:81", "http://[::1]", "ftp://orders", "http://orders:", "http://[::1]:8", "http://bücher", "http://xn--bcher-kva", " http://orders", "http:\\\\orders", "http:orders", "http:///orders");

    private static readonly Gen<string> GenRest = AnyOf.These(
        "", "/", "/a", "/a/b?c=d", "?c=/d", "#/e", "\\a", ":80/a", "@other/a", ".internal/a", "x/a", "//other/a", "/http://other/", "%2Fa/b", "/../a");

    private static readonly Gen<Uri?> GenAddress = Gen.Select(GenStart, GenRest, Gen.Bool, static (start, rest, isCombined) =>
        isCombined
            ? Uri.TryCreate(start, UriKind.Absolute, out var root) && Uri.TryCreate(root, rest, out var combined) ? combined : null
            : Uri.TryCreate(start + rest, UriKind.Absolute, out var address) ? address : null);

    [Fact]
    public void Addresses_with_the_same_start_name_the_same_service() =>
        Gen.Select(GenAddress, GenAddress).Sample(
            static (one, other) =>
            {
                if (one is not null && other is not null && AddressStart.Of(one) is { } start && start.IsStartOf(other))
                {
                    Assert.Equal(LogicalAddress.Of(one), LogicalAddress.Of(other));
                }
            },
            iter: 200_000);

    [Theory]
    [InlineData("http://orders/", true)]
    [InlineData("http://orders/b?c", true)]
    [InlineData("http://orders", false)]
    [InlineData("http://orders?/", false)]
    [InlineData("http://orders2/a", false)]
    [InlineData("http://orders:81/a", false)]
    [InlineData("https://orders/a", false)]
    public void An_address_with_the_same_service_and_a_path_has_the_same_start(string address, bool expected) =>
        Assert.Equal(expected, AddressStart.Of(new Uri("http://orders/a"))!.IsStartOf(new Uri(address)));

    [Theory]
    [InlineData("http://orders")]
    [InlineData("http://orders?a=/")]
    [InlineData("http://orders#/")]
    [InlineData("mailto:orders/a")]
    [InlineData("ftp://orders/a")]
    [InlineData("http://orders:/a")]
    [InlineData("http://[::1]/a")]
    [InlineData("http://name:pass@orders/a")]
    public void An_address_that_is_not_a_plain_host_and_a_path_has_no_start(string address) =>
        Assert.Null(AddressStart.Of(new Uri(address)));
}
