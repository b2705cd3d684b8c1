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

    [Theory]
    [InlineData(302, "GET", "")]
    [InlineData(303, "GET", "")]
    [InlineData(307, "POST", "order")]
    [InlineData(308, "POST", "order")]
    public async Task A_post_becomes_a_get_or_stays_one_as_the_status_says(int status, string method, string body)
    {
        string? received = null;
        await using var backend = await Backend.StartAsync(async context =>
        {
            if (context.Request.Path == "/final")
            {
                received = $"{context.Request.Method} {await new StreamReader(context.Request.Body).ReadToEndAsync()}";
                return;
            }

            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/final";
        });
        await using var client = BalancedClient.Of(backend);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://api/start") { Content = new StringContent("order") };

        using var response = await client.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"{method} {body}", received);
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.NotNull(request.Content);
    }

    [Theory]
    [InlineData(302, true)]
    [InlineData(302, false)]
    [InlineData(307, true)]
    [InlineData(307, false)]
    public async Task A_post_that_was_redirected_to_where_nothing_listens_is_not_sent_to_another_backend(int status, bool followedByThePrimary)
    {
        await using var fleet = await BackendFleet.StartAsync(2, context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://127.0.0.1:1/final";
            return Task.CompletedTask;
        });
        await using var client = Client(followedByThePrimary, fleet.Select(static backend => backend.Address));

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.PostAsync("http://api/start", new StringContent("order")));

        Assert.Equal(HttpRequestError.ConnectionError, failure.HttpRequestError);
        Assert.Equal("POST", Assert.Single(fleet.SelectMany(static backend => backend.Received)).Method);
    }

    [Fact]
    public async Task What_fails_elsewhere_is_not_held_against_the_endpoint_that_redirected_there()
    {
        await using var elsewhere = await Backend.StartAsync(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "30";
            return Task.CompletedTask;
        });
        await using var fleet = await BackendFleet.StartAsync(2, context => AnswerAsync(context, request => request.Path == "/dead" ? "http://127.0.0.1:1/" : $"{elsewhere.Address}"));
        await using var client = BalancedClient.Of(fleet, static options => options.OutlierDetection.ConsecutiveFailures = 1);

        using var response = await client.Http.GetAsync("http://api/start");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("http://api/dead"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(1, elsewhere.Count);
        Assert.Equal(2, fleet.Counts.Sum());
        Assert.DoesNotContain(client.Endpoints, static endpoint => endpoint.Health == EndpointHealth.Ejected);
    }

    // Credentials that are for any host are for the primary handler to keep from others: it follows redirects by itself then.
    private static BalancedClient Client(bool followedByThePrimary, IEnumerable<Uri> addresses) =>
        Client(handler => handler.Credentials = followedByThePrimary ? new NetworkCredential("name", "password") : null, addresses);

    private static BalancedClient Client(Action<SocketsHttpHandler> configure, IEnumerable<Uri> addresses) =>
        BalancedClient.Create(builder => builder
            .UseSocketsHttpHandler((handler, _) => configure(handler))
            .AddLoadBalancing(options => options.AddEndpoints(addresses)));

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
