using System.Net;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Faults;

/// <summary>
/// Bytes that an endpoint sends or accepts are signs of its life. A request that waits for other requests of this client says nothing about it.
/// </summary>
public sealed class SignsOfLifeTests
{
    private const int Callers = 12;

    // Longer than UnansweredWait.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.6);

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task Uploads_that_a_backend_reads_until_their_callers_give_up_eject_nobody(HttpProtocols protocol)
    {
        await using var fleet = await BackendFleet.StartAsync(2, static context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted), protocol);
        await using var client = CreateClient(fleet, protocol);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => UploadAsync(client)));

        AssertNobodyEjected(client);
    }

    [Fact]
    public async Task Uploads_that_a_backend_does_not_read_until_their_callers_give_up_eject_it()
    {
        // The flow control of HTTP/2 lets a client send no more than a megabyte that nobody reads.
        await using var fleet = await BackendFleet.StartAsync(
        [
            Backend.StartAsync(Answers.HangAsync, HttpProtocols.Http2),
            Backend.StartAsync(static context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted), HttpProtocols.Http2),
        ]);
        await using var client = CreateClient(fleet, HttpProtocols.Http2, static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        await Eventually.True(
            async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => UploadAsync(client)));
                return client.EndpointOf(fleet[0]).Health == EndpointHealth.Ejected;
            },
            "the backend that reads nothing is ejected");
        Assert.NotEqual(EndpointHealth.Ejected, client.EndpointOf(fleet[1]).Health);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, true)]
    [InlineData(HttpProtocols.Http1, false)]
    [InlineData(HttpProtocols.Http2, true)]
    public async Task Requests_that_wait_for_a_connection_or_a_stream_that_others_hold_eject_nobody(HttpProtocols protocol, bool streamsDeliver)
    {
        await using var fleet = await StartStreamsAsync(protocol, streamsDeliver);
        await using var client = CreateClient(fleet, protocol, connections: protocol == HttpProtocols.Http1 ? 2 : int.MaxValue);
        var streams = await OpenStreamsAsync(client, 4);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => TrySendAsync(client, new HttpRequestMessage(HttpMethod.Get, "/fast"))));

        AssertNobodyEjected(client);
        streams.ForEach(static response => response.Dispose());
    }

    [Fact]
    public async Task Requests_with_content_that_wait_for_a_stream_that_quiet_ones_hold_eject_nobody()
    {
        await using var fleet = await StartStreamsAsync(HttpProtocols.Http2, streamsDeliver: false);
        await using var client = CreateClient(fleet, HttpProtocols.Http2);
        var streams = await OpenStreamsAsync(client, 4);

        // Such content is sent while the response arrives, as that of a gRPC call.
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => TrySendAsync(client, new HttpRequestMessage(HttpMethod.Post, "/fast") { Content = new Message() })));

        AssertNobodyEjected(client);
        streams.ForEach(static response => response.Dispose());
    }

    [Fact]
    public async Task Requests_that_wait_in_a_handler_inside_the_balancer_eject_nobody()
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        await using var client = BalancedClient.Create(builder => builder
            .AddLoadBalancing(options =>
            {
                options.AddEndpoints(fleet.Select(static backend => backend.Address));
            })
            .AddHttpMessageHandler(static () => new WaitingHandler()));

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => TrySendAsync(client, new HttpRequestMessage(HttpMethod.Get, "/"))));

        Assert.Equal([0, 0], fleet.Counts);
        AssertNobodyEjected(client);
    }

    private static BalancedClient CreateClient(
        BackendFleet fleet, HttpProtocols protocol, Action<LoadBalancingOptions>? configure = null, int connections = int.MaxValue) => BalancedClient.Create(
        builder => builder
            .UseSocketsHttpHandler((handler, _) => handler.MaxConnectionsPerServer = connections)
            .ConfigureHttpClient(client =>
            {
                client.DefaultRequestVersion = protocol == HttpProtocols.Http1 ? HttpVersion.Version11 : HttpVersion.Version20;
                client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            })
            .AddLoadBalancing(options =>
            {
                options.AddEndpoints(fleet.Select(static backend => backend.Address));
                configure?.Invoke(options);
            }));

    private static async Task<BackendFleet> StartStreamsAsync(HttpProtocols protocol, bool streamsDeliver)
    {
        void LimitStreams(WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.Http2.MaxStreamsPerConnection = 2);
        void Handle(WebApplication app) => app.Run(context =>
            context.Request.Path == "/stream" ? StreamAsync(context, streamsDeliver) : context.Response.WriteAsync("ok"));

        return await BackendFleet.StartAsync(Enumerable.Range(0, 2).Select(_ => Backend.StartAsync(LimitStreams, Handle, protocol)));
    }

    private static async Task StreamAsync(HttpContext context, bool delivers)
    {
        do
        {
            await context.Response.WriteAsync("event", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(delivers ? TimeSpan.FromMilliseconds(20) : Timeout.InfiniteTimeSpan, context.RequestAborted);
        }
        while (true);
    }

    // Each backend gets two streams, which is as many as it has room for.
    private static async Task<List<HttpResponseMessage>> OpenStreamsAsync(BalancedClient client, int count)
    {
        var responses = new List<HttpResponseMessage>();
        for (var i = 0; i < count; i++)
        {
            var response = await client.Http.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);
            responses.Add(response);
            _ = (await response.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null);
        }

        return responses;
    }

    private static Task UploadAsync(BalancedClient client) =>
        TrySendAsync(client, new HttpRequestMessage(HttpMethod.Put, "/") { Content = new StreamContent(new EndlessStream()) });

    private static async Task TrySendAsync(BalancedClient client, HttpRequestMessage request)
    {
        request.Version = client.Http.DefaultRequestVersion;
        request.VersionPolicy = client.Http.DefaultVersionPolicy;
        using var patience = new CancellationTokenSource(Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Http.SendAsync(request, patience.Token));
    }

    private static void AssertNobodyEjected(BalancedClient client) =>
        Assert.All(client.Endpoints, static endpoint => Assert.NotEqual(EndpointHealth.Ejected, endpoint.Health));

    private sealed class Message : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(new byte[10]).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 10;
            return true;
        }
    }

    private sealed class WaitingHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Yields a few kilobytes every few milliseconds.</summary>
    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(5, cancellationToken);
            var length = Math.Min(buffer.Length, 16 * 1024);
            buffer.Span[..length].Clear();
            return length;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
