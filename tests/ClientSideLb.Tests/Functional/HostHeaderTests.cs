using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

public sealed class HostHeaderTests : IDisposable
{
    private readonly X509Certificate2 _certificate = SelfSigned.CertificateFor("orders");

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData(HostHeaderMode.Auto, "http://orders/", "127.0.0.1:{port}")]
    [InlineData(HostHeaderMode.Auto, "http://orders:8080/", "127.0.0.1:{port}")]
    [InlineData(HostHeaderMode.Endpoint, "http://orders/", "127.0.0.1:{port}")]
    [InlineData(HostHeaderMode.Service, "http://orders/", "orders")]
    [InlineData(HostHeaderMode.Service, "http://orders:8080/", "orders:8080")]
    [InlineData(HostHeaderMode.Service, "http://orders:80/", "orders")]
    [InlineData(HostHeaderMode.Service, "https+http://orders/", "orders")]
    [InlineData(HostHeaderMode.Service, "https+http://orders:8080/", "orders:8080")]
    [InlineData(HostHeaderMode.Service, "https+http://orders:80/", "orders")]
    public async Task An_http_backend_gets_the_host_that_the_mode_says(HostHeaderMode mode, string address, string expected)
    {
        await using var backend = await Backend.StartAsync();
        await using var client = Client(mode, backend.Address);

        await client.GetAsync(1, address);

        Assert.Equal(With(backend, expected), Assert.Single(backend.Received).Host);
    }

    [Theory]
    [InlineData(HostHeaderMode.Auto, "127.0.0.1", "https://orders/", "orders")]
    [InlineData(HostHeaderMode.Auto, "127.0.0.1", "https://orders:8443/", "orders:8443")]
    [InlineData(HostHeaderMode.Auto, "127.0.0.1", "https+http://orders/", "orders")]
    [InlineData(HostHeaderMode.Auto, "127.0.0.1", "https+http://orders:443/", "orders")]
    [InlineData(HostHeaderMode.Auto, "localhost", "https://orders/", "localhost:{port}")]
    [InlineData(HostHeaderMode.Endpoint, "127.0.0.1", "https://orders/", "127.0.0.1:{port}")]
    [InlineData(HostHeaderMode.Endpoint, "localhost", "https://orders/", "localhost:{port}")]
    [InlineData(HostHeaderMode.Service, "127.0.0.1", "https://orders/", "orders")]
    [InlineData(HostHeaderMode.Service, "localhost", "https://orders:8443/", "orders:8443")]
    public async Task An_https_backend_gets_the_host_that_the_mode_says(HostHeaderMode mode, string endpoint, string address, string expected)
    {
        await using var backend = await Backend.StartAsync(certificate: _certificate);
        await using var client = Client(mode, new UriBuilder(backend.Address) { Host = endpoint }.Uri);

        await client.GetAsync(1, address);

        Assert.Equal(With(backend, expected), Assert.Single(backend.Received).Host);
    }

    [Theory]
    [InlineData(HostHeaderMode.Auto)]
    [InlineData(HostHeaderMode.Endpoint)]
    [InlineData(HostHeaderMode.Service)]
    public async Task A_host_that_the_caller_sets_wins(HostHeaderMode mode)
    {
        await using var plain = await Backend.StartAsync();
        await using var secure = await Backend.StartAsync(certificate: _certificate);
        foreach (var backend in (Backend[])[plain, secure])
        {
            await using var client = Client(mode, backend.Address);
            using var request = new HttpRequestMessage(HttpMethod.Get, "https+http://orders/");
            request.Headers.Host = "shop.example";

            using var response = await client.Http.SendAsync(request);

            Assert.Equal("shop.example", Assert.Single(backend.Received).Host);
            Assert.Equal("shop.example", request.Headers.Host);
        }
    }

    [Theory]
    [InlineData(HostHeaderMode.Auto)]
    [InlineData(HostHeaderMode.Endpoint)]
    [InlineData(HostHeaderMode.Service)]
    public async Task A_request_sent_twice_carries_nothing_over_from_the_first_endpoint(HostHeaderMode mode)
    {
        // After an answer that is no success the request goes to the other endpoint when it is sent again.
        static Task Busy(HttpContext context)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        }

        await using var plain = await Backend.StartAsync(Busy);
        await using var secure = await Backend.StartAsync(Busy, certificate: _certificate);
        await using var client = Client(mode, plain.Address, secure.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https+http://orders:5000/list");

        for (var i = 0; i < 2; i++)
        {
            using var response = await client.Invoker.SendAsync(request, default);

            Assert.Equal(new Uri("https+http://orders:5000/list"), request.RequestUri);
            Assert.Null(request.Headers.Host);
        }

        Assert.Equal(With(plain, mode == HostHeaderMode.Service ? "orders:5000" : "127.0.0.1:{port}"), Assert.Single(plain.Received).Host);
        Assert.Equal(With(secure, mode == HostHeaderMode.Endpoint ? "127.0.0.1:{port}" : "orders:5000"), Assert.Single(secure.Received).Host);
    }

    private static string With(Backend backend, string host) => host.Replace("{port}", $"{backend.Port}", StringComparison.Ordinal);

    private static BalancedClient Client(HostHeaderMode mode, params Uri[] addresses) =>
        BalancedClient.Create(
            builder => builder
                .UseSocketsHttpHandler(static (handler, _) =>
                    handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=orders")
                .AddLoadBalancing(options =>
                {
                    options.HostHeader = mode;
                    options.AddEndpoints(addresses);
                }),
            name: "orders");
}
