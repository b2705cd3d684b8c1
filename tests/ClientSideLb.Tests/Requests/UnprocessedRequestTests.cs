using System.Net.Sockets;
using Polly.Timeout;

namespace ClientSideLb.Tests;

/// <summary>A request that is not idempotent moves only if it is certain that no endpoint has processed it.</summary>
public sealed class UnprocessedRequestTests
{
    private static readonly ClusterEndpoint Endpoint = Backends.At("http://10.0.0.1:8080");

    private readonly KnownHosts _hosts = new();

    public static TheoryData<string, Exception> Unconnected => new()
    {
        { "name", new HttpRequestException(HttpRequestError.NameResolutionError) },
        { "refused", new HttpRequestException(HttpRequestError.ConnectionError, inner: new SocketException((int)SocketError.ConnectionRefused)) },
        { "TLS", new HttpRequestException(HttpRequestError.SecureConnectionError) },
        { "proxy", new HttpRequestException(HttpRequestError.ProxyTunnelError) },
        { "connect timeout", new TaskCanceledException("connect", new TimeoutException()) },
    };

    public static TheoryData<string, Exception> Sent => new()
    {
        { "ended", new HttpRequestException(HttpRequestError.ResponseEnded) },
        { "protocol", new HttpRequestException(HttpRequestError.HttpProtocolError, inner: new HttpProtocolException(errorCode: 2, "INTERNAL_ERROR", null)) },
        { "reset", new SocketException((int)SocketError.ConnectionReset) },
        { "attempt timeout", TimeLimitFailure.Create(new HttpRequestMessage(), TimeSpan.FromSeconds(1), new TaskCanceledException()) },
        { "timeout of Polly", new TimeoutRejectedException() },
        { "unknown", new HttpRequestException("unknown") },
    };

    [Theory]
    [MemberData(nameof(Unconnected))]
    public void A_post_with_content_is_unprocessed_if_no_connection_could_be_made(string what, Exception failure)
    {
        _hosts.Add(Endpoint.Address);
        using var request = Post(new StringContent("a"));

        Assert.True(IsUnprocessed(request, failure), what);
    }

    [Theory]
    [MemberData(nameof(Unconnected))]
    public void A_post_without_content_may_have_been_sent_on_a_reused_connection_before(string what, Exception failure)
    {
        using var request = Post(content: null);
        Assert.True(IsUnprocessed(request, failure), what);

        _hosts.Add(Endpoint.Address);
        Assert.False(IsUnprocessed(request, failure), what);
        request.Method = HttpMethod.Patch;
        Assert.False(IsUnprocessed(request, failure), what);
        request.Method = new HttpMethod("PURGE");
        Assert.False(IsUnprocessed(request, failure), what);
    }

    [Fact]
    public void A_post_that_waits_for_100_continue_may_have_been_sent_as_well()
    {
        _hosts.Add(Endpoint.Address);
        using var request = Post(new StringContent("a"));
        request.Headers.ExpectContinue = true;

        Assert.False(IsUnprocessed(request, new HttpRequestException(HttpRequestError.ConnectionError)));
    }

    [Fact]
    public void An_HTTP_2_request_is_not_sent_twice_by_the_primary_handler()
    {
        _hosts.Add(Endpoint.Address);
        using var request = Post(content: null);
        request.Version = System.Net.HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;

        Assert.True(IsUnprocessed(request, new HttpRequestException(HttpRequestError.ConnectionError)));
    }

    [Fact]
    public void A_get_is_outside_the_budget_if_no_connection_could_be_made()
    {
        _hosts.Add(Endpoint.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/");

        Assert.True(IsUnprocessed(request, new HttpRequestException(HttpRequestError.ConnectionError)));
    }

    [Theory]
    [MemberData(nameof(Sent))]
    public void A_request_may_have_been_processed_if_a_connection_was_made(string what, Exception failure)
    {
        using var request = Post(new StringContent("a"));

        Assert.False(IsUnprocessed(request, failure), what);
    }

    [Fact]
    public void A_refused_HTTP_2_stream_was_not_processed_and_moves_if_its_content_can_be_read_again()
    {
        var refused = new HttpRequestException(HttpRequestError.HttpProtocolError, inner: new HttpProtocolException(errorCode: 7, "REFUSED_STREAM", null));
        using var text = Post(new StringContent("a"));
        using var stream = Post(new StreamContent(Stream.Null));

        Assert.True(IsUnprocessed(text, refused));
        Assert.False(IsUnprocessed(stream, refused));
    }

    [Fact]
    public void A_redirected_request_was_processed_by_the_endpoint_that_redirected_it()
    {
        using var request = Post(new StringContent("a"));

        Assert.False(IsUnprocessed(request, new HttpRequestException(HttpRequestError.ConnectionError), isRedirected: true));
    }

    [Fact]
    public void A_client_that_has_met_very_many_hosts_takes_every_host_for_a_known_one()
    {
        for (var i = 0; i <= 10_000; i++)
        {
            _hosts.Add(new Uri($"http://host-{i}/"));
        }

        Assert.True(_hosts.Contains(Endpoint.Address));
    }

    private static HttpRequestMessage Post(HttpContent? content) => new(HttpMethod.Post, "http://api/") { Content = content };

    private bool IsUnprocessed(HttpRequestMessage request, Exception failure, bool isRedirected = false) => FailureClassifier.IsUnprocessed(
        new AttemptResult { Endpoint = Endpoint, Request = request, Exception = failure, Verdict = AttemptVerdict.Failure, IsRedirected = isRedirected }, _hosts);
}
