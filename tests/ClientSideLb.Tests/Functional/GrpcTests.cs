using ClientSideLb.Tests.Functional.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

public sealed class GrpcTests : IAsyncLifetime
{
    private readonly EchoService _service = new();
    private BackendFleet _fleet = null!;
    private ServiceProvider _services = null!;

    private Echo.EchoClient Client => _services.GetRequiredService<Echo.EchoClient>();

    private int InFlight => Assert.Single(_services.GetRequiredService<IClusterRegistry>().Clusters).Endpoints.Sum(static endpoint => endpoint.InFlight);

    public async ValueTask InitializeAsync()
    {
        _fleet = await BackendFleet.StartAsync(Enumerable.Range(0, 3).Select(_ => Backend.StartAsync(
            builder =>
            {
                builder.Services.AddGrpc();
                builder.Services.AddSingleton(_service);
            },
            static app => app.MapGrpcService<EchoService>(),
            HttpProtocols.Http2)));

        var services = new ServiceCollection();
        services.AddGrpcClient<Echo.EchoClient>(static options => options.Address = new Uri("http://api"))
            .UseSocketsHttpHandler(static (handler, _) => handler.UseProxy = false)
            .AddLoadBalancing(options =>
            {
                options.Strategy = LoadBalancingStrategies.RoundRobin;
                options.AddEndpoints(_fleet);
            });
        _services = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task Unary_calls_are_spread_over_the_backends_one_by_one()
    {
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal("hello", (await Client.OnceAsync(new EchoMessage { Text = "hello" })).Text);
        }

        Assert.Equal([10, 10, 10], _fleet.Counts);
        Assert.Equal(0, InFlight);
    }

    [Fact]
    public void Blocking_unary_calls_are_spread_too()
    {
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal("hello", Client.Once(new EchoMessage { Text = "hello" }).Text);
        }

        Assert.Equal([2, 2, 2], _fleet.Counts);
    }

    [Fact]
    public async Task Calls_over_a_primary_handler_that_is_shared_are_spread_as_well()
    {
        using var shared = new SocketsHttpHandler { UseProxy = false };
        var services = new ServiceCollection();
        services.AddGrpcClient<Echo.EchoClient>(static options => options.Address = new Uri("http://api"))
            .ConfigurePrimaryHttpMessageHandler(() => shared)
            .AddLoadBalancing(options =>
            {
                options.Strategy = LoadBalancingStrategies.RoundRobin;
                options.AddEndpoints(_fleet);
            });
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<Echo.EchoClient>();

        for (var i = 0; i < 9; i++)
        {
            Assert.Equal("hello", (await client.OnceAsync(new EchoMessage { Text = "hello" })).Text);
        }

        Assert.Equal([3, 3, 3], _fleet.Counts);
        Assert.Empty(shared.Properties);
    }

    [Fact]
    public async Task A_unary_call_counts_in_flight_until_it_is_answered()
    {
        using var call = Client.OnceAsync(new EchoMessage { Text = EchoService.Held });
        await _service.Gate.Arrived;
        Assert.Equal(1, InFlight);

        _service.Gate.Open();
        await Eventually.Done(call.ResponseAsync);
        await Eventually.Equal(0, () => InFlight);
    }

    [Fact]
    public async Task A_unary_call_that_fails_no_longer_counts()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => Client.OnceAsync(new EchoMessage { Text = EchoService.Refused }).ResponseAsync);

        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        await Eventually.Equal(0, () => InFlight);
    }

    [Fact]
    public async Task A_unary_call_past_its_deadline_no_longer_counts()
    {
        var call = Client.OnceAsync(new EchoMessage { Text = EchoService.Held }, deadline: DateTime.UtcNow.AddMilliseconds(200));

        var failure = await Assert.ThrowsAsync<RpcException>(() => Eventually.Done(call.ResponseAsync));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        await Eventually.Equal(0, () => InFlight);
    }

    [Fact]
    public async Task A_server_stream_counts_in_flight_to_its_end()
    {
        using var call = Client.Repeat(new RepeatRequest { Text = "hello", Times = 3 });

        Assert.True(await Eventually.Done(call.ResponseStream.MoveNext(default)));
        await _service.Gate.Arrived;
        Assert.Equal(1, InFlight);

        _service.Gate.Open();
        Assert.True(await Eventually.Done(call.ResponseStream.MoveNext(default)));
        Assert.True(await Eventually.Done(call.ResponseStream.MoveNext(default)));
        Assert.False(await Eventually.Done(call.ResponseStream.MoveNext(default)));
        await Eventually.Equal(0, () => InFlight);
    }

    [Fact]
    public async Task A_server_stream_that_the_client_cancels_no_longer_counts()
    {
        using var cancellation = new CancellationTokenSource();
        using var call = Client.Repeat(new RepeatRequest { Text = "hello", Times = 3 }, cancellationToken: cancellation.Token);
        Assert.True(await Eventually.Done(call.ResponseStream.MoveNext(default)));
        Assert.Equal(1, InFlight);

        await cancellation.CancelAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(() => Eventually.Done(call.ResponseStream.MoveNext(default)));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        await Eventually.Equal(0, () => InFlight);
    }

    [Fact]
    public async Task A_server_stream_that_the_client_leaves_no_longer_counts()
    {
        var call = Client.Repeat(new RepeatRequest { Text = "hello", Times = 3 });
        Assert.True(await Eventually.Done(call.ResponseStream.MoveNext(default)));
        Assert.Equal(1, InFlight);

        call.Dispose();

        await Eventually.Equal(0, () => InFlight);
    }

    [Fact]
    public async Task A_duplex_stream_carries_messages_both_ways_and_counts_in_flight_to_its_end()
    {
        using var call = Client.Converse();

        foreach (var text in (string[])["hello", "world"])
        {
            await Eventually.Done(call.RequestStream.WriteAsync(new EchoMessage { Text = text }));
            Assert.True(await Eventually.Done(call.ResponseStream.MoveNext(default)));
            Assert.Equal(text, call.ResponseStream.Current.Text);
            Assert.Equal(1, InFlight);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await Eventually.Done(call.ResponseStream.MoveNext(default)));
        await Eventually.Equal(0, () => InFlight);
    }

    [Fact]
    public async Task Running_streams_are_spread_over_the_backends_too()
    {
        var calls = Enumerable.Range(0, 6).Select(_ => Client.Converse()).ToList();
        foreach (var call in calls)
        {
            await Eventually.Done(call.RequestStream.WriteAsync(new EchoMessage { Text = "hello" }));
            Assert.True(await Eventually.Done(call.ResponseStream.MoveNext(default)));
        }

        Assert.All(
            _services.GetRequiredService<IClusterRegistry>().Clusters.Single().Endpoints,
            static endpoint => Assert.Equal(2, endpoint.InFlight));

        calls.ForEach(static call => call.Dispose());
        await Eventually.Equal(0, () => InFlight);
    }
}
