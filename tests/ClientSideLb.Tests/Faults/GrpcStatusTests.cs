using System.Net;
using System.Net.Http.Headers;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClientSideLb.Tests.Faults;

/// <summary>gRPC reports failures with HTTP status 200. They are mapped as Envoy maps them.</summary>
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
        using var request = CreateRequest();
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
        using var request = CreateRequest();
        using var response = Create("application/grpc", status);

        Assert.Equal(expected, GrpcStatus.GetHttpStatus(request, response));
    }

    [Theory]
    [InlineData("14", true)]
    [InlineData("4", true)]
    [InlineData("0", false)]
    [InlineData("5", false)]
    public async Task A_status_in_the_trailers_ejects_the_endpoint_if_it_speaks_of_the_server(string status, bool ejects)
    {
        var fails = false;
        await using var fleet = await BackendFleet.StartAsync(
            [Backend.StartAsync(context => AnswerAsync(context, fails ? status : "0"), HttpProtocols.Http2), Backend.StartAsync(static context => AnswerAsync(context, "0"), HttpProtocols.Http2)]);
        await using var client = BalancedClient.Of(fleet, static options => options.Strategy = LoadBalancingStrategies.RoundRobin);
        await CallAsync(client, 10);

        fails = true;
        await CallAsync(client, 10);

        Assert.Equal(ejects ? EndpointHealth.Ejected : EndpointHealth.Healthy, client.EndpointOf(fleet[0]).Health);
        Assert.Equal(EndpointHealth.Healthy, client.EndpointOf(fleet[1]).Health);
    }

    [Fact]
    public async Task Good_trailers_end_a_row_of_bad_ones()
    {
        var calls = 0;
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, ++calls % 5 == 0 ? "0" : "14"), HttpProtocols.Http2);
        await using var other = await Backend.StartAsync(static context => AnswerAsync(context, "0"), HttpProtocols.Http2);
        await using var client = BalancedClient.Of([backend, other], static options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.OutlierDetection.FailureRate = 1;
        });

        await CallAsync(client, 40);

        Assert.Equal(EndpointHealth.Healthy, client.EndpointOf(backend).Health);
    }

    [Fact]
    public void A_response_without_a_status_in_its_headers_stands_for_itself()
    {
        using var request = CreateRequest();
        using var response = new HttpResponseMessage { Content = new ByteArrayContent([1]) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        Assert.Equal(HttpStatusCode.OK, GrpcStatus.GetHttpStatus(request, response));
    }

    // A message, and then the status.
    private static async Task AnswerAsync(HttpContext context, string status)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", status);
    }

    private static async Task CallAsync(BalancedClient client, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/")
            {
                Content = new ByteArrayContent(new byte[5]),
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = await response.Content.ReadAsStreamAsync();
            await reader.CopyToAsync(Stream.Null);
        }
    }

    private static HttpRequestMessage CreateRequest() => new(HttpMethod.Post, "http://api/") { Content = new ByteArrayContent([]) };

    private static HttpResponseMessage Create(string type, string status)
    {
        var response = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        response.Headers.TryAddWithoutValidation("grpc-status", status);
        return response;
    }
}
