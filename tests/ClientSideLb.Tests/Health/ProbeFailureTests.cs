using System.Net;
using System.Net.Sockets;

namespace ClientSideLb.Tests;

/// <summary>The library describes the failure of a probe in its own words.</summary>
public sealed class ProbeFailureTests
{
    private const string Secret = "http://user:secret@proxy\r\nforged";

    public static TheoryData<string, Exception> Failures => new()
    {
        { "the connection was refused (ConnectionRefused)", Request(HttpRequestError.ConnectionError, new SocketException((int)SocketError.ConnectionRefused)) },
        { "the connection was refused (ConnectionRefused)", new SocketException((int)SocketError.ConnectionRefused, Secret) },
        { "the connection was closed (ConnectionReset)", Request(HttpRequestError.Unknown, new IOException(Secret, new SocketException((int)SocketError.ConnectionReset))) },
        { "the name was not found (HostNotFound)", Request(HttpRequestError.NameResolutionError, new SocketException((int)SocketError.HostNotFound)) },
        { "the name was not found (name_resolution_error)", Request(HttpRequestError.NameResolutionError) },
        { "no route was found (NetworkUnreachable)", Request(HttpRequestError.ConnectionError, new SocketException((int)SocketError.NetworkUnreachable)) },
        { "the connection failed (AccessDenied)", Request(HttpRequestError.ConnectionError, new SocketException((int)SocketError.AccessDenied)) },
        { "TLS could not be established (ConnectionReset)", Request(HttpRequestError.SecureConnectionError, new SocketException((int)SocketError.ConnectionReset)) },
        { "TLS could not be established (secure_connection_error)", Request(HttpRequestError.SecureConnectionError, new InvalidOperationException(Secret)) },
        { "the proxy made no connection (407)", new HttpRequestException(HttpRequestError.ProxyTunnelError, Secret, statusCode: HttpStatusCode.ProxyAuthenticationRequired) },
        { "the response broke the HTTP protocol (0xb)", Request(HttpRequestError.HttpProtocolError, new HttpProtocolException(11, Secret, null)) },
        { "the response was not valid (invalid_response)", Request(HttpRequestError.InvalidResponse) },
        { "the response ended too early (response_ended)", new HttpIOException(HttpRequestError.ResponseEnded, Secret) },
        { "the connection timed out (timeout)", new TaskCanceledException(Secret, new TimeoutException(Secret)) },
        { "the probe failed (System.InvalidOperationException)", new InvalidOperationException(Secret) },
        { "the probe failed (System.Net.Http.HttpRequestException)", Request(HttpRequestError.Unknown, new InvalidOperationException(Secret)) },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void The_reason_is_a_few_words_and_a_code_and_never_the_text_of_an_exception(string reason, Exception failure) =>
        Assert.Equal(reason, ProbeFailure.Describe(failure));

    [Fact]
    public void The_description_of_every_error_of_a_socket_and_of_http_is_one_line() => Assert.All(
        Enum.GetValues<SocketError>().Select(static error => (Exception)new SocketException((int)error))
            .Concat(Enum.GetValues<HttpRequestError>().Select(static error => Request(error))),
        static failure => Assert.Matches(@"^[A-Za-z ]+ \([\w.]+\)$", ProbeFailure.Describe(failure)));

    private static HttpRequestException Request(HttpRequestError error, Exception? inner = null) => new(error, Secret, inner);
}
