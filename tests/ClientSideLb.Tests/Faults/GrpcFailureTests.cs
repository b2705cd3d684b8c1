using ClientSideLb.Tests.Functional;
using ClientSideLb.Tests.Functional.Grpc;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Faults;

/// <summary>The status of a gRPC call that the balancer itself fails. Retry policies name Unavailable, and never Internal.</summary>
public sealed class GrpcFailureTests
{
    [Fact]
    public async Task A_call_that_found_no_endpoint_is_unavailable()
    {
        var failure = await CallAsync("http://10.0.0.1", static options => options.Endpoints[0].Weight = 0);

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(NoEndpointReason.AllDraining, Assert.IsType<NoEndpointAvailableException>(failure.Status.DebugException).Reason);
    }

    [Fact]
    public async Task A_call_that_found_no_room_is_unavailable()
    {
        await using var server = await StartAsync();
        using var channel = CreateChannel(server.Address.AbsoluteUri, static options => options.Concurrency.MaxInFlightPerEndpoint = 1);
        var client = new Echo.EchoClient(channel);
        using var stream = client.Converse();
        await stream.RequestStream.WriteAsync(new EchoMessage { Text = "first" });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.OnceAsync(new EchoMessage()));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(NoEndpointReason.Saturated, Assert.IsType<NoEndpointAvailableException>(failure.Status.DebugException).Reason);
    }

    [Fact]
    public async Task A_call_that_ran_out_of_its_attempt_timeout_is_unavailable()
    {
        await using var server = await Backend.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted), HttpProtocols.Http2);

        var failure = await CallAsync(server.Address.AbsoluteUri, static options => options.Failover.AttemptTimeout = TimeSpan.FromMilliseconds(50));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.IsType<TimeoutException>(Assert.IsType<HttpRequestException>(failure.Status.DebugException).InnerException);
    }

    [Fact]
    public async Task The_retry_policy_of_a_call_repeats_it_at_another_endpoint_after_an_attempt_timeout()
    {
        await using var hung = await Backend.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted), HttpProtocols.Http2);
        await using var server = await StartAsync();
        using var channel = CreateChannel(
            hung.Address.AbsoluteUri,
            options =>
            {
                options.Strategy = LoadBalancingStrategies.RoundRobin;
                options.Endpoints.Add(new EndpointOptions { Address = server.Address });
                options.Failover.AttemptTimeout = TimeSpan.FromSeconds(1);
            },
            StatusCode.Unavailable);
        var client = new Echo.EchoClient(channel);

        // With two endpoints in turn, at least one of two calls is first sent to the one that hangs.
        Assert.Equal("a", (await client.OnceAsync(new EchoMessage { Text = "a" })).Text);
        Assert.Equal("b", (await client.OnceAsync(new EchoMessage { Text = "b" })).Text);
        Assert.InRange(hung.Count, 1, 2);
    }

    private static async Task<RpcException> CallAsync(string address, Action<LoadBalancingOptions> configure)
    {
        using var channel = CreateChannel(address, configure);
        return await Assert.ThrowsAsync<RpcException>(async () => await new Echo.EchoClient(channel).OnceAsync(new EchoMessage()));
    }

    private static GrpcChannel CreateChannel(string address, Action<LoadBalancingOptions> configure, params StatusCode[] repeated)
    {
        var handler = new BalancedHttpHandler("echo", options =>
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri(address) });
            configure(options);
        });
        return GrpcChannel.ForAddress("http://echo", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, ServiceConfig = Repeat(repeated) });
    }

    private static ServiceConfig? Repeat(StatusCode[] statuses)
    {
        if (statuses.Length == 0)
        {
            return null;
        }

        var policy = new RetryPolicy
        {
            MaxAttempts = 3,
            InitialBackoff = TimeSpan.FromMilliseconds(1),
            MaxBackoff = TimeSpan.FromMilliseconds(1),
            BackoffMultiplier = 1,
        };
        foreach (var status in statuses)
        {
            policy.RetryableStatusCodes.Add(status);
        }

        return new ServiceConfig
        {
            MethodConfigs = { new MethodConfig { Names = { MethodName.Default }, RetryPolicy = policy } },
        };
    }

    private static Task<Backend> StartAsync() => Backend.StartAsync(
        static builder =>
        {
            builder.Services.AddGrpc();
            builder.Services.AddSingleton<EchoService>();
        },
        static app => app.MapGrpcService<EchoService>(),
        HttpProtocols.Http2);
}
