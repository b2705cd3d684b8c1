using ClientSideLb.Tests.Functional;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Faults;

/// <summary>A fault in the request, or a limit of the client, is neither retried nor held against an endpoint.</summary>
public sealed class CallersFaultTests
{
    [Fact]
    public async Task A_header_that_cannot_be_sent_is_tried_once_and_ejects_no_endpoint()
    {
        await AssertSentOnceAsync(30, expected: 0, static () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.TryAddWithoutValidation("X-Name", "Jürgen");
            return request;
        });
    }

    [Fact]
    public async Task A_content_that_is_shorter_than_its_length_ejects_no_endpoint()
    {
        await AssertSentOnceAsync(10, expected: null, static () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Put, "/") { Content = new ByteArrayContent(new byte[10]) };
            request.Content.Headers.ContentLength = 20;
            return request;
        });
    }

    [Fact]
    public async Task A_stream_of_the_caller_that_throws_ejects_no_endpoint()
    {
        await AssertSentOnceAsync(10, expected: null, static () => new HttpRequestMessage(HttpMethod.Put, "/") { Content = new StreamContent(new FaultyStream()) });
    }

    [Fact]
    public async Task A_response_header_above_the_client_s_own_limit_is_not_retried_and_ejects_no_endpoint()
    {
        await using var fleet = await BackendFleet.StartAsync(3, static context =>
        {
            context.Response.Headers["X-Large"] = new string('a', 8 * 1024);
            return Task.CompletedTask;
        });
        await using var client = BalancedClient.Create(builder => builder
            .UseSocketsHttpHandler(static (handler, _) => handler.MaxResponseHeadersLength = 1)
            .AddLoadBalancing(options => options.AddEndpoints(fleet.Select(static backend => backend.Address))));

        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("/"));
        }

        Assert.Equal(20, fleet.Sum(static backend => backend.Count));
        Assert.All(client.Endpoints, static endpoint => Assert.NotEqual(EndpointHealth.Ejected, endpoint.Health));
    }

    // Sends requests that cannot succeed, and counts those that arrive.
    private static async Task AssertSentOnceAsync(int requests, int? expected, Func<HttpRequestMessage> create)
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        await using var client = BalancedClient.Of(fleet);
        for (var i = 0; i < requests; i++)
        {
            using var request = create();
            await Assert.ThrowsAnyAsync<Exception>(() => client.Http.SendAsync(request));
        }

        Assert.InRange(fleet.Sum(static backend => backend.Count), 0, expected ?? requests);
        Assert.All(client.Endpoints, static endpoint => Assert.NotEqual(EndpointHealth.Ejected, endpoint.Health));
        Assert.Equal(0, client.InFlight);
    }

    private sealed class FaultyStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The file is gone.");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("The file is gone.");
    }
}
