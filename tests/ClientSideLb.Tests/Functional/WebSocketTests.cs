using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClientSideLb.Tests.Functional;

public sealed class WebSocketTests
{
    [Theory]
    [InlineData("1.1", HttpProtocols.Http1)]
    [InlineData("2.0", HttpProtocols.Http2)]
    public async Task A_web_socket_carries_messages_both_ways_and_counts_in_flight_while_it_is_open(string version, HttpProtocols protocols)
    {
        await using var backend = await Backend.StartAsync(EchoAsync, protocols);
        await using var client = BalancedClient.Of(backend);
        using var socket = await ConnectAsync(client, version);

        foreach (var message in (string[])["hello", "world"])
        {
            await Eventually.Done(socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, default));
            Assert.Equal(message, await ReceiveAsync(socket));
            Assert.Equal(1, client.InFlight);
        }

        await Eventually.Done(socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", default));
        await Eventually.Equal(0, () => client.InFlight);
        Assert.Equal("/chat%2Froom?user=me", Assert.Single(backend.Received).Target);
    }

    [Theory]
    [InlineData("1.1", HttpProtocols.Http1)]
    [InlineData("2.0", HttpProtocols.Http2)]
    public async Task A_web_socket_that_the_client_drops_no_longer_counts(string version, HttpProtocols protocols)
    {
        await using var backend = await Backend.StartAsync(EchoAsync, protocols);
        await using var client = BalancedClient.Of(backend);
        var socket = await ConnectAsync(client, version);
        Assert.Equal(1, client.InFlight);

        socket.Dispose();

        await Eventually.Equal(0, () => client.InFlight);
    }

    [Theory]
    [InlineData("1.1", HttpProtocols.Http1)]
    [InlineData("2.0", HttpProtocols.Http2)]
    public async Task A_web_socket_that_the_backend_drops_no_longer_counts(string version, HttpProtocols protocols)
    {
        var gate = new Gate();
        await using var backend = await Backend.StartAsync(
            async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await gate.HoldAsync(context);
                context.Abort();
            },
            protocols);
        await using var client = BalancedClient.Of(backend);
        using var socket = await ConnectAsync(client, version);
        Assert.Equal(1, client.InFlight);

        gate.Open();
        await Assert.ThrowsAsync<WebSocketException>(() => ReceiveAsync(socket));

        await Eventually.Equal(0, () => client.InFlight);
    }

    [Fact]
    public async Task A_refused_web_socket_does_not_count()
    {
        await using var backend = await Backend.StartAsync(Answers.Status(StatusCodes.Status403Forbidden));
        await using var client = BalancedClient.Of(backend);

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(client, "1.1"));

        await Eventually.Equal(0, () => client.InFlight);
    }

    [Fact]
    public async Task Web_sockets_are_spread_over_the_backends()
    {
        await using var fleet = await BackendFleet.StartAsync(2, EchoAsync);
        await using var client = BalancedClient.Of(fleet, static options => options.Strategy = LoadBalancingStrategies.LeastConnections);
        var sockets = new List<ClientWebSocket>();

        for (var i = 0; i < 6; i++)
        {
            sockets.Add(await ConnectAsync(client, "1.1"));
        }

        Assert.Equal([3, 3], fleet.Counts);
        Assert.All(client.Endpoints, static endpoint => Assert.Equal(3, endpoint.InFlight));
        sockets.ForEach(static socket => socket.Dispose());
        await Eventually.Equal(0, () => client.InFlight);
    }

    private static async Task<ClientWebSocket> ConnectAsync(BalancedClient client, string version)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await Eventually.Done(socket.ConnectAsync(new Uri("ws://api/chat%2Froom?user=me"), client.Invoker, default));
        return socket;
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[100];
        var received = await Eventually.Done(socket.ReceiveAsync(buffer, default));
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[100];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }
    }
}
