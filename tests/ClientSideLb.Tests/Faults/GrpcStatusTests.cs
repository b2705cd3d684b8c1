using System.Net;
using System.Net.Http.Headers;

namespace ClientSideLb.Tests.Faults;

/// <summary>gRPC reports failures with HTTP status 200. Those in the headers are mapped as Envoy maps them.</summary>
public sealed class GrpcStatusTests
{
    [Theory]
    [InlineData("application/grpc", "14", AttemptVerdict.Failure)]
    [InlineData("application/grpc+proto", "14", AttemptVerdict.Failure)]
    [InlineData("application/grpc", "4", AttemptVerdict.Failure)]
    [InlineData("application/grpc", "0", AttemptVerdict.Success)]
    [InlineData("application/grpc", "5", AttemptVerdict.Success)]
    [InlineData("application/grpc", "8", AttemptVerdict.Success)]
    [InlineData("application/grpc", "13", AttemptVerdict.Success)]
    [InlineData("application/grpc", "fourteen", AttemptVerdict.Success)]
    [InlineData("application/json", "14", AttemptVerdict.Success)]
    public void A_status_in_the_headers_counts_if_the_content_is_grpc(string type, string status, AttemptVerdict verdict)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://api/");
        using var response = Create(type, status);

        var classifier = new FailureClassifier(isFailure: null, TimeProvider.System);

        Assert.Equal(verdict, classifier.Judge(new AttemptResult { Endpoint = null!, Request = request, Response = response }, CancellationToken.None));
    }

    [Theory]
    [InlineData("4", HttpStatusCode.GatewayTimeout)]
    [InlineData("8", HttpStatusCode.TooManyRequests)]
    [InlineData("13", HttpStatusCode.InternalServerError)]
    [InlineData("14", HttpStatusCode.ServiceUnavailable)]
    [InlineData("15", HttpStatusCode.InternalServerError)]
    [InlineData("1", HttpStatusCode.OK)]
    public void A_status_stands_for_the_HTTP_status_that_Envoy_gives_it(string status, HttpStatusCode expected)
    {
        using var response = Create("application/grpc", status);

        Assert.Equal(expected, GrpcStatus.GetHttpStatus(response));
    }

    [Fact]
    public void A_response_without_a_status_in_its_headers_stands_for_itself()
    {
        using var response = new HttpResponseMessage { Content = new ByteArrayContent([1]) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        Assert.Equal(HttpStatusCode.OK, GrpcStatus.GetHttpStatus(response));
    }

    private static HttpResponseMessage Create(string type, string status)
    {
        var response = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        response.Headers.TryAddWithoutValidation("grpc-status", status);
        return response;
    }
}
