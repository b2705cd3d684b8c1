using System.Net;
using System.Net.Sockets;
using System.Text;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ClientSideLb.Tests.Chaos;

/// <summary>The answers that pass a probe over real sockets, and the reasons for which the others fail.</summary>
public sealed class ProbingAnswersTests
{
    [Theory]
    [InlineData("200-299", true, EndpointHealth.Unhealthy)]
    [InlineData("200-299", false, EndpointHealth.Unhealthy)]
    [InlineData("300-399", true, EndpointHealth.Healthy)]
    [InlineData("200,302", false, EndpointHealth.Healthy)]
    public async Task A_probe_follows_no_redirect(string expected, bool elsewhere, EndpointHealth health)
    {
        await using var login = await Backend.StartAsync();
        await using var backend = await Backend.StartAsync(context =>
        {
            if (context.Request.Path == "/health")
            {
                context.Response.Redirect(elsewhere ? $"{login.Address}login" : "/login");
            }

            return Task.CompletedTask;
        });
        await using var client = BalancedClient.Of(backend, options => Probe(options, expected));
        _ = client.Http;

        await Eventually.Equal(health, () => client.EndpointOf(backend).Health);
        Assert.Equal(0, login.Count);
        Assert.All(backend.Received, static request => Assert.Equal("/health", request.Target));
        Assert.Equal(health == EndpointHealth.Healthy ? null : $"2 probes in a row failed: it answered 302; expected {expected}", client.EndpointOf(backend).HealthReason);
    }

    [Theory]
    [InlineData("200-299", EndpointHealth.Unhealthy)]
    [InlineData("300-399", EndpointHealth.Healthy)]
    public async Task A_redirect_that_the_primary_handler_follows_by_itself_still_counts_as_a_redirect(string expected, EndpointHealth health)
    {
        await using var login = await Backend.StartAsync();
        await using var backend = await Backend.StartAsync(context =>
        {
            context.Response.Redirect($"{login.Address}login");
            return Task.CompletedTask;
        });
        await using var client = BalancedClient.Create(builder => builder
            .UseSocketsHttpHandler(static (handler, _) => handler.Credentials = new NetworkCredential("name", "password"))
            .AddLoadBalancing(options =>
            {
                Probe(options, expected);
                options.AddEndpoints([backend]);
            }));
        _ = client.Http;

        await Eventually.Equal(health, () => client.EndpointOf(backend).Health);
    }

    [Theory]
    [InlineData("the option")]
    [InlineData("the client")]
    public async Task An_endpoint_that_speaks_only_http_2_is_probed_by_it(string saidBy)
    {
        await using var backend = await Backend.StartAsync(protocols: HttpProtocols.Http2);
        await using var client = BalancedClient.Create(builder => builder
            .ConfigureHttpClient(http =>
            {
                if (saidBy == "the client")
                {
                    (http.DefaultRequestVersion, http.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
                }
            })
            .AddLoadBalancing(options =>
            {
                Probe(options);
                options.ActiveHealthCheck.Version = saidBy == "the option" ? HttpVersion.Version20 : null;
                options.AddEndpoints([backend]);
            }));
        _ = client.Http;

        await Eventually.Equal(EndpointHealth.Healthy, () => client.EndpointOf(backend).Health);
    }

    [Fact]
    public async Task The_policy_of_the_option_comes_before_that_of_the_client()
    {
        await using var backend = await Backend.StartAsync(protocols: HttpProtocols.Http1);
        await using var client = BalancedClient.Create(builder => builder
            .ConfigureHttpClient(static http => (http.DefaultRequestVersion, http.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact))
            .AddLoadBalancing(options =>
            {
                Probe(options);
                options.ActiveHealthCheck.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
                options.AddEndpoints([backend]);
            }));
        _ = client.Http;

        await Eventually.Equal(EndpointHealth.Healthy, () => client.EndpointOf(backend).Health);
    }

    [Theory]
    [InlineData(true, "the proxy made no connection (502)")]
    [InlineData(false, "the connection was refused (ConnectionRefused)")]
    public async Task The_password_of_a_proxy_is_told_nowhere(bool proxyRuns, string reason)
    {
        await using var proxy = await Backend.StartAsync(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return Task.CompletedTask;
        });
        var port = proxyRuns ? proxy.Port : FreePort.Take();
        await using var client = Logging(
            [new Uri("https://backend.test/")],
            handler => (handler.Proxy, handler.UseProxy) = (new WebProxy(new Uri($"http://user:secret@127.0.0.1:{port}")), true));
        _ = client.Http;

        await Eventually.Equal(EndpointHealth.Unhealthy, () => client.Endpoints[0].Health);
        Assert.Equal($"2 probes in a row failed: {reason}", client.Endpoints[0].HealthReason);
        AssertNotLogged(client, "secret");
    }

    [Fact]
    public async Task Control_characters_of_a_backend_reach_no_log()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, "HTTP/9.9 \u001b[31m000 forged\r\n\r\n");
        await using (var client = Logging([new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/")]))
        {
            _ = client.Http;

            await Eventually.Equal(EndpointHealth.Unhealthy, () => client.Endpoints[0].Health);
            Assert.Equal("2 probes in a row failed: the response was not valid (invalid_response)", client.Endpoints[0].HealthReason);
            AssertNotLogged(client, "forged");
        }

        listener.Stop();
        await Eventually.Done(answering);
    }

    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync();
                _ = await connection.GetStream().ReadAsync(new byte[4096]);
                await connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer));
            }
        }
        catch (Exception ended) when (ended is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private static void AssertNotLogged(BalancedClient client, string text)
    {
        var lines = client.Services.GetRequiredService<FakeLogCollector>().GetSnapshot().Where(static line => line.Category == "ClientSideLb").ToList();
        Assert.Contains(lines, static line => line.Id.Id == 16);
        Assert.All(lines, line => Assert.DoesNotContain(text, $"{line.Message} {line.Exception}", StringComparison.Ordinal));
    }

    private static BalancedClient Logging(Uri[] endpoints, Action<SocketsHttpHandler>? configure = null) => BalancedClient.Create(
        builder => builder
            .UseSocketsHttpHandler((handler, _) => configure?.Invoke(handler))
            .AddLoadBalancing(options =>
            {
                Probe(options);
                options.AddEndpoints(endpoints);
            }),
        static services => services.AddLogging(static logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Trace)));

    private static void Probe(LoadBalancingOptions options) => Probe(options, "200-299");

    private static void Probe(LoadBalancingOptions options, string expected)
    {
        options.ActiveHealthCheck.Enabled = true;
        options.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(50);
        options.ActiveHealthCheck.UnhealthyInterval = TimeSpan.FromMilliseconds(50);
        options.ActiveHealthCheck.ExpectedStatus = expected;
    }
}
