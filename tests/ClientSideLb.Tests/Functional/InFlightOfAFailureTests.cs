using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>A request that fails or is cancelled no longer counts in flight, at whatever stage that happens.</summary>
public sealed class InFlightOfAFailureTests
{
    [Fact]
    public async Task A_request_without_a_response_from_the_handler_below_no_longer_counts_and_is_as_it_was()
    {
        await using var client = BalancedClient.Create(static builder => builder
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(static () => new SilentHandler())
            .AddLoadBalancing(static options => options.AddEndpoints(new Uri("http://127.0.0.1:1"))));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/a");

        await Assert.ThrowsAnyAsync<Exception>(() => client.Http.SendAsync(request));

        Assert.Equal(0, client.InFlight);
        Assert.Equal("http://api/a", request.RequestUri!.AbsoluteUri);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_buffered_response_that_breaks_off_no_longer_counts(bool synchronous)
    {
        await using var client = await GatedClient.StartAsync(BreakOffAsync);

        var answer = client.SendAsync(synchronous);
        await client.Gate.Arrived;
        Assert.Equal(1, client.InFlight);

        client.Gate.Open();
        await Assert.ThrowsAsync<HttpRequestException>(() => Eventually.Done(answer));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_streaming_response_that_breaks_off_no_longer_counts()
    {
        await using var client = await GatedClient.StartAsync(BreakOffAsync);

        using var response = await client.StreamAsync();
        var stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[10]);
        Assert.Equal(1, client.InFlight);

        client.Gate.Open();
        await Assert.ThrowsAnyAsync<IOException>(() => Eventually.Done(stream.ReadExactlyAsync(new byte[10]).AsTask()));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_request_that_is_answered_with_a_reset_no_longer_counts()
    {
        await using var backend = await Backend.StartAsync(Answers.ResetAsync);
        await using var client = BalancedClient.Of(backend);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.PostAsync("/", new StringContent("order")));

        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_whose_connection_is_refused_no_longer_counts(bool synchronous)
    {
        // A port that is bound but does not listen refuses connections, and no other program can listen there.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var client = BalancedClient.Of([new Uri($"http://{socket.LocalEndPoint}")]);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(synchronous));

        Assert.Equal(HttpRequestError.ConnectionError, failure.HttpRequestError);
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_request_cancelled_before_it_is_sent_does_not_count()
    {
        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Of(backend);
        await client.GetAsync(1);

        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Invoker.SendAsync(request, new CancellationToken(canceled: true)));

        Assert.Equal(0, client.InFlight);
        Assert.Equal(1, backend.Count);
        Assert.Equal(new Uri("http://api/"), request.RequestUri);
    }

    [Fact]
    public async Task A_request_cancelled_while_it_connects_no_longer_counts()
    {
        var connecting = new Gate();
        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Create(builder => builder
            .UseSocketsHttpHandler((handler, _) => handler.ConnectCallback = async (_, cancellationToken) =>
            {
                await connecting.HoldAsync(cancellationToken);
                throw new InvalidOperationException("Nothing to connect to.");
            })
            .AddLoadBalancing(options => options.AddEndpoints(backend.Address)));
        using var cancellation = new CancellationTokenSource();

        var answer = client.Http.GetAsync("/", cancellation.Token);
        await connecting.Arrived;
        Assert.Equal(1, client.InFlight);

        await AssertCancelledAsync(answer, cancellation, () => client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_cancelled_while_it_waits_for_headers_no_longer_counts(bool synchronous)
    {
        await using var client = await GatedClient.StartAsync();
        using var cancellation = new CancellationTokenSource();

        var answer = client.SendAsync(synchronous, cancellation.Token);
        await client.Gate.Arrived;
        Assert.Equal(1, client.InFlight);

        await AssertCancelledAsync(answer, cancellation, () => client.InFlight);
    }

    [Fact]
    public async Task A_request_cancelled_while_its_content_is_sent_no_longer_counts()
    {
        await using var client = await GatedClient.StartAsync();
        using var cancellation = new CancellationTokenSource();
        using var content = new GatedContent();

        var answer = client.Http.PostAsync("/", content, cancellation.Token);
        await client.Gate.Arrived;
        await content.Begun;
        Assert.Equal(1, client.InFlight);

        await AssertCancelledAsync(answer, cancellation, () => client.InFlight);
    }

    [Fact]
    public async Task A_buffered_response_cancelled_half_way_no_longer_counts()
    {
        await using var client = await GatedClient.StartAsync(BreakOffAsync);
        using var cancellation = new CancellationTokenSource();

        var answer = client.Http.GetAsync("/", cancellation.Token);
        await client.Gate.Arrived;
        Assert.Equal(1, client.InFlight);

        await AssertCancelledAsync(answer, cancellation, () => client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_streaming_response_whose_read_is_cancelled_no_longer_counts(bool copying)
    {
        await using var client = await GatedClient.StartAsync(BreakOffAsync);
        using var cancellation = new CancellationTokenSource();

        using var response = await client.StreamAsync();
        var stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[10]);
        var read = copying
            ? stream.CopyToAsync(Stream.Null, cancellation.Token)
            : stream.ReadAsync(new byte[10], cancellation.Token).AsTask();
        Assert.Equal(1, client.InFlight);

        await AssertCancelledAsync(read, cancellation, () => client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_times_out_no_longer_counts(bool afterHeaders)
    {
        await using var client = await GatedClient.StartAsync(afterHeaders ? BreakOffAsync : null);
        client.Http.Timeout = TimeSpan.FromMilliseconds(200);

        var failure = await Assert.ThrowsAsync<TaskCanceledException>(() => client.Http.GetAsync("/"));

        Assert.IsType<TimeoutException>(failure.InnerException);
        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_response_longer_than_the_client_takes_no_longer_counts(bool chunked)
    {
        await using var backend = await Backend.StartAsync(async context =>
        {
            context.Response.ContentLength = chunked ? null : 10_000;
            await context.Response.Body.WriteAsync(new byte[10_000]);
        });
        await using var client = BalancedClient.Of(backend);
        client.Http.MaxResponseContentBufferSize = 1000;

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("/"));

        Assert.Equal(0, client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_a_handler_below_refuses_no_longer_counts(bool synchronous)
    {
        await using var client = BalancedClient.Create(static builder => builder
            .AddLoadBalancing(static options => options.AddEndpoints(new Uri("http://127.0.0.1:9/")))
            .AddHttpMessageHandler(static () => new RefusingHandler()));

        await Assert.ThrowsAsync<NotSupportedException>(() => client.SendAsync(synchronous));

        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task Failures_do_not_change_the_count_of_other_requests()
    {
        await using var client = await GatedClient.StartAsync(
            static (context, gate) => context.Request.Path == "/held" ? gate.HoldAsync(context) : Answers.ResetAsync(context));
        var held = client.Http.GetAsync("/held");
        await client.Gate.Arrived;

        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.PostAsync("/", content: null));
            Assert.Equal(1, client.InFlight);
        }

        client.Gate.Open();
        (await Eventually.Done(held)).Dispose();
        Assert.Equal(0, client.InFlight);
    }

    private static async Task AssertCancelledAsync(Task sending, CancellationTokenSource cancellation, Func<int> inFlight)
    {
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Done(sending));
        Assert.Equal(0, inFlight());
    }

    // Sends ten of a hundred bytes, and resets the connection once the gate is open.
    private static async Task BreakOffAsync(HttpContext context, Gate gate)
    {
        context.Response.ContentLength = 100;
        await context.Response.Body.WriteAsync(new byte[10]);
        await context.Response.Body.FlushAsync();
        await gate.HoldAsync(context);
        context.Abort();
    }

    private sealed class GatedContent : HttpContent
    {
        private readonly Gate _gate = new();

        internal Task Begun => _gate.Arrived;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[10], cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await _gate.HoldAsync(cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 100;
            return true;
        }
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult<HttpResponseMessage>(null!);
    }

    private sealed class RefusingHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
