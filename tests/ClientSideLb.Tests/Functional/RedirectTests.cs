using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>Redirects are followed by the primary handler, below the balancer.</summary>
public sealed class RedirectTests
{
    [Fact]
    public async Task A_relative_redirect_is_followed_at_the_same_endpoint()
    {
        await using var fleet = await BackendFleet.StartAsync(2, context => AnswerAsync(context, static _ => "/final"));
        await using var client = BalancedClient.Of(fleet, static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        await AssertRedirectedAsync(client);
        await AssertRedirectedAsync(client);

        Assert.All(fleet, static backend => Assert.Equal(["/start", "/final"], backend.Received.Select(static request => request.Target)));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_redirect_to_the_backends_own_address_is_followed()
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, static request => $"http://{request.Host}/final"));
        await using var client = BalancedClient.Of(backend);

        await AssertRedirectedAsync(client);

        Assert.Equal(["/start", "/final"], backend.Received.Select(static request => request.Target));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_redirect_to_the_logical_name_leaves_the_balancer_and_is_looked_up_as_a_hosts_name()
    {
        var connected = new List<DnsEndPoint>();
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, static request => $"http://{request.Host}/final"));
        await using var client = BalancedClient.Create(builder => builder
            .UseSocketsHttpHandler((handler, _) => handler.ConnectCallback = async (context, cancellationToken) =>
            {
                connected.Add(context.DnsEndPoint);
                if (context.DnsEndPoint.Host == "api")
                {
                    throw new SocketException((int)SocketError.HostNotFound);
                }

                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            })
            .AddLoadBalancing(options =>
            {
                options.HostHeader = HostHeaderMode.Service;
                options.AddEndpoints(backend.Address);
            }));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("http://api/start"));

        Assert.Equal([new DnsEndPoint("127.0.0.1", backend.Port), new DnsEndPoint("api", 80)], connected);
        Assert.Equal(0, client.InFlight);
    }

    private static async Task AssertRedirectedAsync(BalancedClient client)
    {
        using var response = await client.Http.GetAsync("http://api/start");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("final", await response.Content.ReadAsStringAsync());
        Assert.Equal(new Uri("http://api/start"), response.RequestMessage!.RequestUri);
    }

    private static Task AnswerAsync(HttpContext context, Func<HttpRequest, string> target)
    {
        if (context.Request.Path == "/final")
        {
            return context.Response.WriteAsync("final");
        }

        context.Response.Redirect(target(context.Request));
        return Task.CompletedTask;
    }
}
