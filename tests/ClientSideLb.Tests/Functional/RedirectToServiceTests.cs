using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>A redirect to the name that the caller wrote means the service, whatever <c>Host</c> header the backend got.</summary>
public sealed class RedirectToServiceTests : IDisposable
{
    private readonly X509Certificate2 _certificate = SelfSigned.CertificateFor("localhost");

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData("http://api/start", "http://api/final?x=%2F")]
    [InlineData("http://api/start", "http://API:80/final?x=%2F")]
    [InlineData("http://api:8080/start", "http://api:8080/final?x=%2F")]
    [InlineData("https+http://api/start", "http://api/final?x=%2F")]
    [InlineData("https+http://api/start", "https+http://api/final?x=%2F")]
    [InlineData("https+http://api:8080/start", "http://api:8080/final?x=%2F")]
    [InlineData("https+http://api:80/start", "http://api/final?x=%2F")]
    [InlineData("ws://api/start", "http://api/final?x=%2F")]
    public async Task A_redirect_to_the_service_stays_at_the_endpoint(string address, string target)
    {
        await using var fleet = await BackendFleet.StartAsync(2, context => AnswerAsync(context, target));
        await using var client = BalancedClient.Of(fleet, static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        for (var i = 0; i < 2; i++)
        {
            using var response = await client.Http.GetAsync(address);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("/final?x=%2F", response.RequestMessage!.RequestUri!.PathAndQuery);
            Assert.Equal(new Uri(address).Authority, response.RequestMessage.RequestUri.Authority);
        }

        Assert.All(fleet, static backend => Assert.Equal(
            [("/start", $"127.0.0.1:{backend.Port}"), ("/final?x=%2F", $"127.0.0.1:{backend.Port}")],
            backend.Received.Select(static request => (request.Target, request.Host))));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_redirect_to_the_service_keeps_the_host_header_that_the_caller_set()
    {
        await using var backend = await Backend.StartAsync(static context => AnswerAsync(context, "http://api/final"));
        await using var client = BalancedClient.Of(backend);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/start") { Headers = { Host = "shop.example" } };

        using var response = await client.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([("/start", "shop.example"), ("/final", "shop.example")], backend.Received.Select(static received => (received.Target, received.Host)));
    }

    [Theory]
    [InlineData("https://api/start", "https://api/final")]
    [InlineData("https+http://api/start", "https://api/final")]
    [InlineData("https+http://api/start", "http://api/final")]
    [InlineData("http://api/start", "http://api/final")]
    [InlineData("http://api/start", "https://api/final")]
    [InlineData("wss://api/start", "https://api/final")]
    public async Task At_an_https_endpoint_each_scheme_that_the_caller_allows_means_the_service(string address, string target)
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, target), certificate: _certificate);
        await using var client = CreateClient(new UriBuilder(backend.Address) { Host = "localhost" }.Uri);

        using var response = await client.Http.GetAsync(address);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["/start", "/final"], backend.Received.Select(static request => request.Target));
    }

    [Fact]
    public async Task A_caller_who_wrote_https_alone_is_not_redirected_to_http()
    {
        await using var backend = await Backend.StartAsync(static context => AnswerAsync(context, "http://api/final"), certificate: _certificate);
        await using var client = CreateClient(new UriBuilder(backend.Address) { Host = "localhost" }.Uri);

        using var response = await client.Http.GetAsync("https://api/start");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    [Theory]
    [InlineData("http://api.invalid:8081/final")]
    [InlineData("http://other.api.invalid:8080/final")]
    [InlineData("https://api.invalid:8080/final")]
    public async Task Another_port_host_or_a_scheme_that_the_endpoint_does_not_serve_is_elsewhere(string target)
    {
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, target));
        await using var client = BalancedClient.Create(builder => builder.AddLoadBalancing(options => options.AddEndpoints([backend])), name: "api.invalid");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("http://api.invalid:8080/start"));

        Assert.Equal(["/start"], backend.Received.Select(static request => request.Target));
    }

    [Fact]
    public async Task A_redirect_to_the_service_comes_back_from_elsewhere_to_the_endpoint()
    {
        await using var elsewhere = await Backend.StartAsync(static context => AnswerAsync(context, "http://api/final", "/login"));
        await using var backend = await Backend.StartAsync(context => AnswerAsync(context, $"{elsewhere.Address}login"));
        await using var client = BalancedClient.Of(backend, static options => options.HostHeader = HostHeaderMode.Service);

        using var response = await client.Http.GetAsync("http://api/start");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"127.0.0.1:{elsewhere.Port}", Assert.Single(elsewhere.Received).Host);
        Assert.Equal([("/start", "api"), ("/final", "api")], backend.Received.Select(static request => (request.Target, request.Host)));
        Assert.Equal(new Uri("http://api/final"), response.RequestMessage!.RequestUri);
    }

    [Fact]
    public async Task A_hedged_and_a_synchronous_request_stay_as_well()
    {
        await using var backend = await Backend.StartAsync(static context => AnswerAsync(context, "http://api/final"));
        await using var client = BalancedClient.Of(
            [backend.Address, new Uri(backend.Address, "/other")], static options => options.Failover.HedgingDelay = TimeSpan.FromSeconds(20));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/start");

        using var hedged = await client.Http.GetAsync("http://api/start");
        using var synchronous = await Task.Run(() => client.Http.Send(request));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (hedged.StatusCode, synchronous.StatusCode));
    }

    private static BalancedClient CreateClient(Uri address) => BalancedClient.Create(builder => builder
        .UseSocketsHttpHandler(static (handler, _) =>
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost")
        .AddLoadBalancing(options => options.AddEndpoints(address)));

    private static Task AnswerAsync(HttpContext context, string target, string start = "/start")
    {
        if (context.Request.Path.Value!.EndsWith(start, StringComparison.Ordinal))
        {
            context.Response.Redirect(target);
        }

        return Task.CompletedTask;
    }
}
