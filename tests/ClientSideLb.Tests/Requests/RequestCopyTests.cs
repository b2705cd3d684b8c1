using System.Net;

namespace ClientSideLb.Tests;

public sealed class RequestCopyTests : IDisposable
{
    private static readonly HttpRequestOptionsKey<string> Option = new("test.option");

    private readonly HttpRequestMessage _request = new(HttpMethod.Put, "https+http://api/a%2Fb?q=%20")
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = new StringContent("body"),
    };

    public void Dispose() => _request.Dispose();

    [Fact]
    public void A_copy_has_everything_that_the_request_has()
    {
        _request.Headers.Add("X-One", "1");
        _request.Headers.Add("X-Two", ["a", "b"]);
        _request.Headers.Host = "own.example";
        _request.Headers.TryAddWithoutValidation("User-Agent", "not valid (");
        _request.Headers.TryAddWithoutValidation("Date", "yesterday");
        _request.Headers.ExpectContinue = true;
        _request.Options.Set(Option, "value");

        using var copy = RequestCopy.Of(_request);

        Assert.NotSame(_request, copy);
        Assert.Equal(
            (_request.Method, _request.RequestUri, _request.Version, _request.VersionPolicy),
            (copy.Method, copy.RequestUri, copy.Version, copy.VersionPolicy));
        Assert.Same(_request.Content, copy.Content);
        Assert.Equal(Lines(_request), Lines(copy));
        Assert.Contains("User-Agent: not valid (", Lines(copy));
        Assert.Equal("own.example", copy.Headers.Host);
        Assert.True(copy.Options.TryGetValue(Option, out var value));
        Assert.Equal("value", value);
    }

    [Fact]
    public void A_change_of_the_copy_leaves_the_request_alone()
    {
        _request.Headers.Add("X-One", "1");
        var uri = _request.RequestUri;
        using var copy = RequestCopy.Of(_request);

        copy.RequestUri = new Uri("http://10.0.0.1/");
        copy.Headers.Host = "elsewhere";
        copy.Headers.Remove("X-One");
        copy.Options.Set(Option, "of the copy");

        Assert.Equal(uri, _request.RequestUri);
        Assert.Null(_request.Headers.Host);
        Assert.Equal(["1"], _request.Headers.GetValues("X-One"));
        Assert.False(_request.Options.TryGetValue(Option, out _));
    }

    [Fact]
    public void Copies_share_the_list_of_endpoints_that_were_tried()
    {
        var tried = _request.GetOrAddTriedEndpoints();

        using var copy = RequestCopy.Of(_request);

        Assert.Same(tried, copy.GetOrAddTriedEndpoints());
    }

    [Fact]
    public void An_empty_request_can_be_copied()
    {
        using var request = new HttpRequestMessage();

        using var copy = RequestCopy.Of(request);

        Assert.Equal((HttpMethod.Get, null, null), (copy.Method, copy.RequestUri, copy.Content));
        Assert.Empty(copy.Headers);
    }

    private static IEnumerable<string> Lines(HttpRequestMessage request) =>
        request.Headers.NonValidated.Select(static header => $"{header.Key}: {string.Join("|", header.Value)}");
}
