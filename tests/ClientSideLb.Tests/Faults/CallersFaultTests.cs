using System.Net;
using System.Net.Sockets;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task A_stream_of_the_caller_that_comes_from_another_connection_and_breaks_off_ejects_no_endpoint(HttpProtocols protocol)
    {
        await using var fleet = await BackendFleet.StartAsync(2, static context => context.Request.Body.CopyToAsync(Stream.Null), protocol);
        await using var client = BalancedClient.Of(fleet);
        for (var i = 0; i < 12; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "/")
            {
                Content = new StreamContent(new BrokenOffStream()),
                Version = protocol == HttpProtocols.Http1 ? HttpVersion.Version11 : HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            await Assert.ThrowsAnyAsync<Exception>(() => client.Http.SendAsync(request));
        }

        Assert.InRange(fleet.Sum(static backend => backend.Count), 0, 12);
        Assert.All(client.Endpoints, static endpoint => Assert.NotEqual(EndpointHealth.Ejected, endpoint.Health));
    }

    [Fact]
    public async Task A_connection_to_the_endpoint_that_breaks_off_during_an_upload_counts_against_it()
    {
        await using var fleet = await BackendFleet.StartAsync(2, Answers.ResetAsync);
        await using var client = BalancedClient.Of(fleet);
        for (var i = 0; i < 12; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StreamContent(new MemoryStream(new byte[4 * 1024 * 1024])) };
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.Http.SendAsync(request));
        }

        Assert.Contains(client.Endpoints, static endpoint => endpoint.Health == EndpointHealth.Ejected);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task A_content_arrives_as_the_caller_wrote_it(int size)
    {
        var received = "";
        await using var backend = await Backend.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            received = $"{context.Request.ContentType} {context.Request.ContentLength} {body.Length}";
        });
        await using var client = BalancedClient.Of(backend);
        var content = new ByteArrayContent(new byte[size]);
        content.Headers.ContentType = new("text/plain");
        using var request = new HttpRequestMessage(HttpMethod.Put, "/") { Content = content };

        using var response = await client.Http.SendAsync(request);

        Assert.Equal($"text/plain {size} {size}", received);
        Assert.Same(content, response.RequestMessage!.Content);
    }

    [Fact]
    public async Task The_caller_may_dispose_its_stream_when_the_response_is_there()
    {
        // The backend answers before it has read the upload.
        await using var backend = await Backend.StartAsync(static async context =>
        {
            await context.Response.Body.FlushAsync();
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await using var client = BalancedClient.Of(backend);
        var stream = new MemoryStream(new byte[2 * 1024 * 1024]);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/") { Content = new StreamContent(stream) };

        using (var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(stream.Length, stream.Position);
            await response.Content.ReadAsByteArrayAsync();
        }

        Assert.Equal(0, client.InFlight);
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

    /// <summary>As the body of a request from a browser that hangs up.</summary>
    private sealed class BrokenOffStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            Task.FromException(new IOException("The client has disconnected.", new SocketException((int)SocketError.ConnectionReset)));
    }

    private sealed class FaultyStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The file is gone.");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("The file is gone.");
    }
}
