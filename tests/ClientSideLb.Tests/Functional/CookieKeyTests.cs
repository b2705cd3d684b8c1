using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>The hash key <c>cookie:NAME</c> is a cookie that the backend receives, even if the primary handler adds it.</summary>
public sealed class CookieKeyTests
{
    private static readonly Uri Shared = new("http://127.0.0.1/");

    public static TheoryData<string> PrimaryHandlers => new("SocketsHttpHandler", "HttpClientHandler");

    [Theory]
    [MemberData(nameof(PrimaryHandlers))]
    public async Task A_cookie_in_the_container_of_the_primary_handler_is_the_key(string primary)
    {
        await using var fleet = await BackendFleet.StartAsync(8);
        var cookies = new CookieContainer();
        await using var client = CreateClient(primary, cookies, fleet);
        for (var i = 0; i < 10; i++)
        {
            cookies.Add(Shared, new Cookie("session", $"session-{i}"));
            using var explicitly = new HttpRequestMessage(HttpMethod.Get, "http://api/explicitly");
            explicitly.SetHashKey($"session-{i}");
            using var owner = await client.Http.SendAsync(explicitly);

            using var response = await client.Http.GetAsync($"http://api/{i}");
            using var synchronous = await Task.Run(() => client.Http.Send(new HttpRequestMessage(HttpMethod.Get, $"http://api/sync/{i}")));

            var expected = owner.RequestMessage!.GetEndpoint();
            Assert.Same(expected, response.RequestMessage!.GetEndpoint());
            Assert.Same(expected, synchronous.RequestMessage!.GetEndpoint());
        }
    }

    [Fact]
    public async Task A_session_that_a_backend_begins_stays_at_one_backend()
    {
        await using var fleet = await BackendFleet.StartAsync(8, static context =>
        {
            if (!context.Request.Cookies.ContainsKey("session"))
            {
                context.Response.Cookies.Append("session", $"{context.Connection.LocalPort}");
            }

            return Task.CompletedTask;
        });
        await using var client = CreateClient("SocketsHttpHandler", new CookieContainer(), fleet);

        await client.GetAsync(1, "http://api/first");
        for (var i = 0; i < 20; i++)
        {
            await client.GetAsync(1, $"http://api/{i}");
        }

        Assert.Contains(fleet.Counts, static count => count >= 20);
    }

    [Fact]
    public async Task A_cookie_on_the_request_itself_comes_first()
    {
        await using var fleet = await BackendFleet.StartAsync(8);
        var cookies = new CookieContainer();
        cookies.Add(Shared, new Cookie("session", "stored"));
        await using var client = CreateClient("SocketsHttpHandler", cookies, fleet);
        for (var i = 0; i < 10; i++)
        {
            using var explicitly = new HttpRequestMessage(HttpMethod.Get, "http://api/explicitly");
            explicitly.SetHashKey($"session-{i}");
            using var owner = await client.Http.SendAsync(explicitly);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://api/{i}") { Headers = { { "Cookie", $"session=session-{i}" } } };

            using var response = await client.Http.SendAsync(request);

            Assert.Same(owner.RequestMessage!.GetEndpoint(), response.RequestMessage!.GetEndpoint());
        }
    }

    [Theory]
    [InlineData("elsewhere.invalid", "/", "session")]
    [InlineData("127.0.0.1", "/other", "session")]
    [InlineData("127.0.0.1", "/", "theme")]
    public async Task A_cookie_that_is_not_sent_to_the_endpoints_is_no_key(string host, string path, string name)
    {
        await using var fleet = await BackendFleet.StartAsync(8);
        var cookies = new CookieContainer();
        cookies.Add(new Uri($"http://{host}{path}"), new Cookie(name, "value", path));
        await using var client = CreateClient("SocketsHttpHandler", cookies, fleet);

        for (var i = 0; i < 40; i++)
        {
            await client.GetAsync(1, $"http://api/{i}");
        }

        // The path is the key, so the requests are spread.
        Assert.True(fleet.Counts.Count(static count => count > 0) > 1);
    }

    [Fact]
    public async Task A_handler_that_uses_no_cookies_gives_no_key()
    {
        await using var fleet = await BackendFleet.StartAsync(8);
        var cookies = new CookieContainer();
        cookies.Add(Shared, new Cookie("session", "value"));
        await using var client = BalancedClient.Create(builder => builder
            .UseSocketsHttpHandler((handler, _) => (handler.CookieContainer, handler.UseCookies) = (cookies, false))
            .AddLoadBalancing(options => Configure(options, fleet)));

        for (var i = 0; i < 40; i++)
        {
            await client.GetAsync(1, $"http://api/{i}");
        }

        Assert.True(fleet.Counts.Count(static count => count > 0) > 1);
    }

    private static BalancedClient CreateClient(string primary, CookieContainer cookies, BackendFleet fleet) => BalancedClient.Create(builder => builder
        .ConfigurePrimaryHttpMessageHandler(() => primary == "SocketsHttpHandler"
            ? new SocketsHttpHandler { UseProxy = false, CookieContainer = cookies }
            : new HttpClientHandler { UseProxy = false, CookieContainer = cookies })
        .AddLoadBalancing(options => Configure(options, fleet)));

    private static void Configure(LoadBalancingOptions options, BackendFleet fleet)
    {
        options.Strategy = LoadBalancingStrategies.ConsistentHash;
        options.HashKey = "cookie:session";
        options.AddEndpoints(fleet.Select(static backend => backend.Address));
    }
}
