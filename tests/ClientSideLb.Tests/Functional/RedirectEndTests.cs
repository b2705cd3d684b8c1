using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>The request of a redirected response shows the end of the redirect, as with a bare <see cref="HttpClient"/>.</summary>
public sealed class RedirectEndTests
{
    public static TheoryData<int, string, string> Redirects => new()
    {
        { 302, "GET", "/final?x=%2F" },
        { 302, "GET", "/final#own" },
        { 302, "POST", "final" },
        { 303, "PUT", "/final" },
        { 303, "HEAD", "/final" },
        { 307, "POST", "/final" },
        { 308, "PUT", "//{authority}/final" },
        { 301, "POST", "http://{authority}/final" },
    };

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task The_end_of_a_redirect_is_the_same_as_without_the_balancer(int status, string method, string target)
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, status, target));
        using var bare = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await using var client = BalancedClient.Of(backend);
        using var bareRequest = CreateRequest(method, new Uri(backend.Address, "/start#part"));
        using var request = CreateRequest(method, new Uri("http://api/start#part"));

        using var expected = (await bare.SendAsync(bareRequest)).RequestMessage!;
        using var response = await client.Http.SendAsync(request);

        var final = response.RequestMessage!;
        Assert.Equal(expected.RequestUri!.AbsoluteUri.Replace($"127.0.0.1:{backend.Port}", "api", StringComparison.Ordinal), final.RequestUri!.AbsoluteUri);
        Assert.Equal(expected.Method, final.Method);
        Assert.Equal(expected.Content is null, final.Content is null);
        Assert.Equal(GetHeaders(expected), GetHeaders(final));
        Assert.Equal((expected.Version, expected.VersionPolicy), (final.Version, final.VersionPolicy));
    }

    [Fact]
    public async Task A_redirect_elsewhere_ends_at_that_address()
    {
        await using var elsewhere = await Backend.StartAsync();
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, 302, $"{elsewhere.Address}page?q=1"));
        await using var client = BalancedClient.Of(backend);

        using var response = await client.Http.GetAsync("http://api/start");

        Assert.Equal(new Uri(elsewhere.Address, "/page?q=1"), response.RequestMessage!.RequestUri);
    }

    [Fact]
    public async Task The_base_path_of_the_endpoint_is_no_part_of_the_logical_address()
    {
        await using var backend = await Backend.StartAsync(static context => AnswerAsync(context, 302, "final?x=1"));
        await using var client = BalancedClient.Of([new Uri(backend.Address, "/base")]);

        using var response = await client.Http.GetAsync("http://api/start");

        Assert.Equal(["/base/start", "/base/final?x=1"], backend.Received.Select(static request => request.Target));
        Assert.Equal(new Uri("http://api/final?x=1"), response.RequestMessage!.RequestUri);
    }

    [Theory]
    [InlineData(HostHeaderMode.Auto)]
    [InlineData(HostHeaderMode.Service)]
    public async Task The_caller_s_own_request_is_as_it_was_and_can_be_sent_again(HostHeaderMode mode)
    {
        await using var backend = await Backend.StartAsync(static context => AnswerAsync(context, 302, "/final"));
        await using var client = BalancedClient.Of(backend, options => options.HostHeader = mode);
        var address = new Uri("http://api/start");
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent("order"), Headers = { { "Authorization", "Bearer secret" } } };

        for (var i = 0; i < 2; i++)
        {
            using var response = await client.Invoker.SendAsync(request, default);

            Assert.Equal(new Uri("http://api/final"), response.RequestMessage!.RequestUri);
            Assert.Null(response.RequestMessage.Headers.Host);
            Assert.Same(address, request.RequestUri);
            Assert.Equal((HttpMethod.Post, "Bearer secret"), (request.Method, request.Headers.Authorization?.ToString()));
            Assert.NotNull(request.Content);
        }

        Assert.Equal(["/start", "/final", "/start", "/final"], backend.Received.Select(static received => received.Target));
    }

    [Fact]
    public async Task The_endpoint_can_be_read_from_the_response_s_request()
    {
        await using var backend = await Backend.StartAsync(static context => AnswerAsync(context, 302, "/final"));
        await using var client = BalancedClient.Of(backend);

        using var response = await client.Http.GetAsync("http://api/start");

        Assert.Equal(backend.Address, response.RequestMessage!.GetEndpoint()?.Address);
    }

    [Fact]
    public async Task An_attempt_after_a_redirect_that_failed_starts_from_the_original_and_shows_its_own_end()
    {
        var broken = 0;
        await using var fleet = await BackendFleet.StartAsync(2, context =>
        {
            if (context.Request.Path == "/final" && Interlocked.Increment(ref broken) == 1)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            }

            return AnswerAsync(context, 302, "/final");
        });
        await using var client = BalancedClient.Of(fleet);

        using var response = await client.Http.GetAsync("http://api/start");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(new Uri("http://api/final"), response.RequestMessage!.RequestUri);
        Assert.All(fleet, static backend => Assert.Equal(["/start", "/final"], backend.Received.Select(static received => received.Target)));
    }

    [Fact]
    public async Task A_hedged_request_shows_the_end_of_the_attempt_that_won()
    {
        await using var backend = await Backend.StartAsync(static context => AnswerAsync(context, 302, "/final"));
        await using var client = BalancedClient.Of(
            [backend.Address, new Uri(backend.Address, "/other")], static options => options.Failover.HedgingDelay = TimeSpan.FromSeconds(20));

        using var response = await client.Http.GetAsync("http://api/start");

        Assert.Equal(new Uri("http://api/final"), response.RequestMessage!.RequestUri);
    }

    [Fact]
    public async Task A_synchronous_request_shows_its_end_as_well()
    {
        await using var backend = await Backend.StartAsync(static context => AnswerAsync(context, 302, "/final"));
        await using var client = BalancedClient.Of(backend);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/start");

        using var response = await Task.Run(() => client.Http.Send(request));

        Assert.Equal(new Uri("http://api/final"), response.RequestMessage!.RequestUri);
    }

    [Fact]
    public async Task A_primary_handler_that_follows_by_itself_shows_the_end_with_the_logical_name()
    {
        await using var backend = await Backend.StartAsync(static context => AnswerAsync(context, 302, "/final"));
        await using var client = BalancedClient.Create(builder => builder
            .UseSocketsHttpHandler(static (handler, _) => handler.Credentials = new NetworkCredential("name", "password"))
            .AddLoadBalancing(options => options.AddEndpoints(backend.Address)));
        var address = new Uri("http://api/start");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        using var response = await client.Http.SendAsync(request);

        Assert.Equal(new Uri("http://api/final"), response.RequestMessage!.RequestUri);
        Assert.Same(address, request.RequestUri);
    }

    [Fact]
    public async Task The_response_s_request_is_the_caller_s_without_a_redirect()
    {
        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Of(backend);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/start");

        using var response = await client.Http.SendAsync(request);

        Assert.Same(request, response.RequestMessage);
    }

    // A trace that another test listens to gives each request an identifier of its own.
    private static string[] GetHeaders(HttpRequestMessage request) =>
        [.. request.Headers.Where(static header => header.Key is not "traceparent").Select(static header => $"{header.Key}: {string.Join(", ", header.Value)}")];

    private static HttpRequestMessage CreateRequest(string method, Uri address) => new(new HttpMethod(method), address)
    {
        Content = method is "POST" or "PUT" ? new StringContent("order") : null,
        Headers = { { "Authorization", "Bearer secret" }, { "X-Own", "1" } },
    };

    private static Task AnswerAsync(HttpContext context, int status, string target)
    {
        if (context.Request.Path.Value!.EndsWith("/start", StringComparison.Ordinal))
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = target.Replace("{authority}", context.Request.Host.Value, StringComparison.Ordinal);
        }

        return Task.CompletedTask;
    }
}
