using System.Net;
using ClientSideLb.Tests.Functional;
using ClientSideLb.Tests.Functional.Grpc;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

/// <summary>Balancing without a container of the application.</summary>
public sealed class BalancedHttpHandlerTests
{
    private static readonly Action<LoadBalancingOptions> TwoEndpoints = static options =>
        options.AddEndpoints([new Uri("http://10.0.0.1:8080/"), new Uri("http://10.0.0.2:8080/")]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_balances_over_the_endpoints_and_moves_from_one_that_fails(bool synchronous)
    {
        await using var good = await BackendFleet.StartAsync(2);
        await using var bad = await Backend.StartAsync(Answers.BusyAsync);
        using var http = BalancedHttpHandler.CreateClient("orders", options => options.AddEndpoints([.. good, bad]), Direct());

        for (var i = 0; i < 30; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "list");
            using var response = synchronous ? http.Send(request) : await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.All(good.Counts, static count => Assert.InRange(count, 1, 29));
        Assert.Equal(30, good.Counts.Sum());
        Assert.InRange(bad.Count, 1, 29);
    }

    [Fact]
    public async Task A_grpc_channel_balances_its_calls()
    {
        await using var fleet = await BackendFleet.StartAsync(Enumerable.Range(0, 3).Select(static _ => Backend.StartAsync(
            static builder =>
            {
                builder.Services.AddGrpc();
                builder.Services.AddSingleton<EchoService>();
            },
            static app => app.MapGrpcService<EchoService>(),
            HttpProtocols.Http2)));
        await using var handler = new BalancedHttpHandler(
            "echo",
            options =>
            {
                options.Strategy = LoadBalancingStrategies.RoundRobin;
                options.AddEndpoints(fleet);
            },
            Direct());
        using var channel = GrpcChannel.ForAddress("http://some-name", new GrpcChannelOptions { HttpHandler = handler });
        var client = new Echo.EchoClient(channel);

        for (var i = 0; i < 9; i++)
        {
            Assert.Equal("hello", (await client.OnceAsync(new EchoMessage { Text = "hello" })).Text);
        }

        Assert.Equal([3, 3, 3], fleet.Counts);
        Assert.Equal(0, handler.Cluster.Endpoints.Sum(static endpoint => endpoint.InFlight));
    }

    [Fact]
    public void All_faults_of_the_options_are_named_at_once_and_the_primary_handler_is_left_to_the_caller()
    {
        using var primary = new Primary();

        var failure = Assert.Throws<OptionsValidationException>(() => new BalancedHttpHandler(
            "orders",
            static options =>
            {
                options.Strategy = "Best";
                options.Failover.MaxAttempts = 99;
            },
            primary));

        Assert.Contains("Strategy is 'Best'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("MaxAttempts is 99", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Endpoints is empty", failure.Message, StringComparison.Ordinal);
        Assert.False(primary.IsDisposed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_after_the_disposal_throws_and_the_primary_handler_is_disposed(bool asynchronous)
    {
        var primary = new Primary();
        var handler = new BalancedHttpHandler("orders", TwoEndpoints, primary);
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        await SendAsync(invoker, handler.BaseAddress);
        Assert.False(primary.IsDisposed);

        if (asynchronous)
        {
            await handler.DisposeAsync();
        }
        else
        {
            handler.Dispose();
        }

        handler.Dispose();
        await handler.DisposeAsync();
        Assert.True(primary.IsDisposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => SendAsync(invoker, handler.BaseAddress));
        using var request = new HttpRequestMessage(HttpMethod.Get, handler.BaseAddress);
        Assert.Throws<ObjectDisposedException>(() => invoker.Send(request, default));
        Assert.Equal(1, primary.Requests);
    }

    [Fact]
    public async Task A_sockets_handler_that_the_caller_gives_is_disposed_with_the_client()
    {
        await using var backend = await Backend.StartAsync();
        var primary = Direct();
        using (var http = BalancedHttpHandler.CreateClient("orders", options => options.AddEndpoints([backend]), primary))
        {
            using var response = await http.GetAsync("list");
        }

        using var invoker = new HttpMessageInvoker(primary, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, backend.Address);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => invoker.SendAsync(request, default));
    }

    [Fact]
    public async Task Probes_begin_without_a_request_and_end_with_the_disposal()
    {
        var time = new FakeTimeProvider();
        var primary = new Primary();
        var handler = new BalancedHttpHandler(
            "orders",
            static options =>
            {
                TwoEndpoints(options);
                options.ActiveHealthCheck.Enabled = true;
            },
            primary,
            timeProvider: time);
        await Eventually.TrueAsTimePasses(
            time,
            TimeSpan.FromMilliseconds(500),
            () => handler.Cluster.Endpoints.All(static endpoint => endpoint.Health == EndpointHealth.Healthy),
            "the probes have passed");

        await handler.DisposeAsync();
        var probes = primary.Requests;
        time.Advance(TimeSpan.FromMinutes(5));

        Assert.InRange(probes, 2, int.MaxValue);
        Assert.Equal(probes, primary.Requests);
    }

    [Fact]
    public async Task A_strategy_and_a_log_of_the_caller_are_used()
    {
        var log = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(new FakeLoggerProvider(log)));
        var strategy = new StubStrategy("own");
        using (var http = BalancedHttpHandler.CreateClient(
            "orders",
            options =>
            {
                TwoEndpoints(options);
                options.Strategy = strategy.Name;
            },
            new Primary(),
            [strategy],
            loggers))
        {
            using var response = await http.GetAsync("http://login.example/");
        }

        Assert.Contains(log.GetSnapshot(), static line => line.Message.Contains("'login.example' of client 'orders'", StringComparison.Ordinal));

        // The container of the handler does not own the caller's log.
        Assert.NotNull(loggers.CreateLogger("own"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void A_service_without_a_name_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new BalancedHttpHandler(name, TwoEndpoints));

    private static SocketsHttpHandler Direct() => new() { UseProxy = false };

    private static async Task SendAsync(HttpMessageInvoker invoker, Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = await invoker.SendAsync(request, default);
    }

    private sealed class Primary : HttpMessageHandler
    {
        private int _requests;

        internal int Requests => Volatile.Read(ref _requests);

        internal bool IsDisposed { get; private set; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            return new HttpResponseMessage(HttpStatusCode.NoContent) { RequestMessage = request };
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
