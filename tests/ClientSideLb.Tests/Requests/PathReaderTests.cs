using CsCheck;

namespace ClientSideLb.Tests;

public sealed class PathReaderTests
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    // Every ASCII character, some others, and sequences with a meaning of their own.
    private static readonly Gen<string> GenRest = Gen.OneOf(
            Gen.Int[0, 127].Select(static code => ((char)code).ToString()),
            AnyOf.These("/", ".", "..", "/.", "/../", "//", "?", "#", "%2F", "%41", "%", "\\", "ü", "日本", "a", "v1.0", ":80", "@"))
        .Array[0, 10]
        .Select(string.Concat);

    private static readonly Gen<string> GenStart = AnyOf.These(
        "http://orders", "HTTP://Orders:8080", "https://user:name@orders", "https+http://orders:1", "wss://[::1]:81", "http://[::1]", "ftp://orders", "news://orders", "https+http://", "http://orders:", "http://orders/base", " http://orders", "http:\\\\orders");

    private readonly PathReader _reader = new();

    [Fact]
    public void The_path_of_an_address_is_the_one_that_Uri_gives() =>
        Gen.Select(GenStart, GenRest, Gen.Int[0, 2]).Sample(
            (start, rest, kind) =>
            {
                if (Create(start, rest, kind) is { IsAbsoluteUri: true } address && address.Scheme != Uri.UriSchemeFile)
                {
                    AssertTheSame(address);
                }
            },
            iter: 200_000);

    [Theory]
    [InlineData("/")]
    [InlineData("/orders/42?page=1&size=20")]
    [InlineData("/v1.0/orders/a-b_c~d/file.json?t=12:30:00,a;b@c!$*()")]
    public void Reading_the_path_of_a_plain_address_allocates_nothing(string pathAndQuery)
    {
        var root = new Uri("http://orders/");
        var addresses = Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? new Uri($"http://orders{pathAndQuery}") : new Uri(root, pathAndQuery[1..])).ToArray();
        var length = LengthOf(addresses[0]) + addresses[1].Scheme.Length + addresses[1].OriginalString.Length;
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var address in addresses)
        {
            length += LengthOf(address);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(length > addresses.Length * pathAndQuery.Length);

        int LengthOf(Uri address) => _reader.GetPathAndQuery(address).Length;
    }

    [Theory]
    [InlineData("http://[::1]v1.0:80/a@(", "/v1.0:80/a@(")]
    [InlineData("https://[::1]aa/c:/", "/aa/c:/")]
    [InlineData("ftp://api/a?b=1", "/a%3Fb=1")]
    [InlineData("news://api/a?b", "//api/a%3Fb")]
    [InlineData("https+http:///c:/&", "c:/&")]
    [InlineData("http+https://C|/a", "C:/a")]
    [InlineData("http://api:/a", "/a")]
    [InlineData("http://name:pass@api/a", "/a")]
    public void The_path_of_an_unusual_address_is_the_one_that_Uri_gives(string address, string expected)
    {
        Assert.Equal(expected, _reader.GetPathAndQuery(new Uri(address)).ToString());
        Assert.Equal("/b", _reader.GetPathAndQuery(new Uri("http://api/b")).ToString());
        Assert.Equal(expected, _reader.GetPathAndQuery(new Uri(address)).ToString());
    }

    // Canonical, as it is, or combined from a base address and a relative one.
    private static Uri? Create(string start, string rest, int kind)
    {
        Uri? address;
        _ = kind switch
        {
            0 => Uri.TryCreate(start + rest, UriKind.Absolute, out address),
            1 => Uri.TryCreate(start + rest, in AsIs, out address),
            _ => Uri.TryCreate(start, UriKind.Absolute, out address) && Uri.TryCreate(address, rest, out address),
        };
        return address;
    }

    private void AssertTheSame(Uri address)
    {
        string expected;
        try
        {
            expected = address.PathAndQuery;
        }
        catch (ArgumentOutOfRangeException)
        {
            // Uri itself fails for a few addresses that it has parsed, such as "https+http://a|/I?:80%41:80" as it is.
            return;
        }

        Assert.Equal(expected, _reader.GetPathAndQuery(address).ToString());
    }
}
