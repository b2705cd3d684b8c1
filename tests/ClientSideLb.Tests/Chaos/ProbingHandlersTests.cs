using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ClientSideLb.Tests.Chaos;

/// <summary>Which handler sends probes, for how long, and what happens if there is none.</summary>
public sealed class ProbingHandlersTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Probes_follow_a_name_to_another_machine_as_requests_do(bool newHandler)
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        var machine = fleet[0].Port;
        async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, Volatile.Read(ref machine), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }

        await using var client = BalancedClient.Create(builder =>
        {
            builder = newHandler
                ? builder.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectAsync })
                : builder.UseSocketsHttpHandler((handler, _) => handler.ConnectCallback = ConnectAsync);
            builder.SetHandlerLifetime(TimeSpan.FromSeconds(1)).AddLoadBalancing(static options =>
            {
                Probe(options);
                options.AddEndpoints(new Uri("http://backend.test/"));
            });
        });
        _ = client.Http;
        await Eventually.True(() => fleet[0].Count > 2, "the first machine is probed");

        Volatile.Write(ref machine, fleet[1].Port);

        await Eventually.True(() => fleet[1].Count > 2, "the second machine is probed");
    }

    [Fact]
    public async Task Probes_use_the_connections_of_requests()
    {
        var connections = new ConcurrentDictionary<string, bool>();
        await using var backend = await Backend.StartAsync(context =>
        {
            connections.TryAdd(context.Connection.Id, true);
            return context.Response.WriteAsync("ok");
        });
        await using var client = BalancedClient.Of(backend, static options =>
        {
            options.ActiveHealthCheck.Enabled = true;
            options.ActiveHealthCheck.Interval = TimeSpan.FromHours(1);
        });
        _ = client.Http;
        await Eventually.Equal(EndpointHealth.Healthy, () => client.EndpointOf(backend).Health);

        await client.GetAsync(3);

        Assert.Single(connections);
    }

    [Fact]
    public async Task A_handler_that_cannot_be_created_does_not_disturb_probes_that_need_none()
    {
        var created = 0;
        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Create(builder => builder
            .AddHttpMessageHandler(() => Interlocked.Increment(ref created) == 1 ? new TokenHandler() : throw new InvalidOperationException("no token"))
            .SetHandlerLifetime(TimeSpan.FromSeconds(1))
            .AddLoadBalancing(options =>
            {
                Probe(options);
                options.ActiveHealthCheck.UnhealthyThreshold = 1;
                options.AddEndpoints([backend]);
            }));
        _ = client.Http;
        await Eventually.True(() => created > 1, "the handlers were to be replaced");
        var before = backend.Count;

        await Eventually.True(() => backend.Count > before + 5, "probes go on");

        Assert.Equal(EndpointHealth.Healthy, client.EndpointOf(backend).Health);
    }

    [Theory]
    [InlineData("primary handler")]
    [InlineData("client")]
    public async Task Probes_that_cannot_be_sent_say_nothing_of_endpoints_and_are_logged_once(string cause)
    {
        var calls = 0;
        void Throw(string what, int after)
        {
            if (cause == what && Interlocked.Increment(ref calls) > after)
            {
                throw new InvalidOperationException("user:secret");
            }
        }

        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Create(
            builder => builder
                .ConfigurePrimaryHttpMessageHandler(() =>
                {
                    // The second call finds out whether the handler is shared.
                    Throw("primary handler", after: 2);
                    return new SocketsHttpHandler { UseProxy = false };
                })
                .ConfigureHttpClient(_ => Throw("client", after: 1))
                .SetHandlerLifetime(TimeSpan.FromSeconds(1))
                .AddLoadBalancing(options =>
                {
                    Probe(options);
                    options.ActiveHealthCheck.UnhealthyThreshold = 1;
                    options.AddEndpoints([backend]);
                }),
            static services => services.AddLogging(static logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Trace)));
        _ = client.Http;

        await Eventually.True(() => calls > 8, "probes were to be sent");

        Assert.NotEqual(EndpointHealth.Unhealthy, client.EndpointOf(backend).Health);
        var line = Assert.Single(client.Services.GetRequiredService<FakeLogCollector>().GetSnapshot(), static line => line.Id.Name == "ProbesNotSent");
        Assert.DoesNotContain("secret", $"{line.Message} {line.Exception}", StringComparison.Ordinal);
    }

    private static void Probe(LoadBalancingOptions options)
    {
        options.ActiveHealthCheck.Enabled = true;
        options.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(50);
        options.ActiveHealthCheck.UnhealthyInterval = TimeSpan.FromMilliseconds(50);
    }

    private sealed class TokenHandler : DelegatingHandler;
}
