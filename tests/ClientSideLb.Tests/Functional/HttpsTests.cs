using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>Backends at IP addresses, with a certificate for the service's name, <c>orders</c>.</summary>
public sealed class HttpsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = SelfSigned.CertificateFor("orders");
    private readonly ConcurrentQueue<SslPolicyErrors> _complaints = new();

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData("https://orders/")]
    [InlineData("https+http://orders/")]
    [InlineData("https://orders:8443/")]
    public async Task The_certificate_is_checked_against_the_logical_name(string address)
    {
        await using var backend = await Backend.StartAsync(certificate: _certificate);
        await using var client = Client([backend.Address]);

        await client.GetAsync(1, address);

        Assert.Equal("orders", Assert.Single(backend.Received).ServerName);
        Assert.Equal([SslPolicyErrors.RemoteCertificateChainErrors], _complaints);
    }

    [Fact]
    public async Task The_certificate_is_checked_against_the_logical_name_over_HTTP_2_too()
    {
        await using var backend = await Backend.StartAsync(certificate: _certificate, protocols: HttpProtocols.Http2);
        await using var client = Client([backend.Address]);
        client.Http.DefaultRequestVersion = new Version(2, 0);
        client.Http.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        await client.GetAsync(1, "https://orders/");

        var received = Assert.Single(backend.Received);
        Assert.Equal(("orders", "orders"), (received.ServerName, received.Host));
        Assert.Equal([SslPolicyErrors.RemoteCertificateChainErrors], _complaints);
    }

    [Fact]
    public async Task Several_backends_are_used_each_under_the_logical_name()
    {
        await using var fleet = await BackendFleet.StartAsync(3, certificate: _certificate);
        await using var client = Client(
            fleet.Select(static backend => backend.Address), static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        await client.GetAsync(9, "https://orders/");

        Assert.Equal([3, 3, 3], fleet.Counts);
        Assert.All(fleet.SelectMany(static backend => backend.Received), static request => Assert.Equal("orders", request.ServerName));
    }

    [Fact]
    public async Task The_endpoints_own_address_as_host_fails_the_check_of_a_certificate_for_the_logical_name()
    {
        await using var backend = await Backend.StartAsync(certificate: _certificate);
        await using var client = Client([backend.Address], static options => options.HostHeader = HostHeaderMode.Endpoint);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(1, "https://orders/"));

        Assert.Equal(HttpRequestError.SecureConnectionError, failure.HttpRequestError);
        Assert.True(Assert.Single(_complaints).HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch));
        Assert.Equal(0, client.InFlight);
        Assert.Equal(0, backend.Count);
    }

    [Theory]
    [InlineData("https://orders/")]
    [InlineData("wss://orders/")]
    public async Task A_request_for_https_only_never_goes_to_a_plain_http_endpoint(string address)
    {
        await using var backend = await Backend.StartAsync();
        await using var client = Client([backend.Address]);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        var failure = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => client.Invoker.SendAsync(request, default));

        Assert.Contains("'orders'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, backend.Count);
        Assert.Equal(0, client.InFlight);
        Assert.Equal(new Uri(address), request.RequestUri);
    }

    [Theory]
    [ClassData<EveryStrategy>]
    public async Task A_request_for_https_only_uses_the_https_endpoints_of_a_mixed_set(string strategy)
    {
        await using var plain = await Backend.StartAsync();
        await using var secure = await Backend.StartAsync(certificate: _certificate);
        await using var client = Client([plain.Address, secure.Address], options => options.Strategy = strategy);

        for (var i = 0; i < 10; i++)
        {
            await client.GetAsync(1, $"https://orders/{i}");
        }

        Assert.Equal((0, 10), (plain.Count, secure.Count));
    }

    [Fact]
    public async Task A_request_for_both_schemes_uses_all_endpoints_of_a_mixed_set()
    {
        await using var plain = await Backend.StartAsync();
        await using var secure = await Backend.StartAsync(certificate: _certificate);
        await using var client = Client([plain.Address, secure.Address], static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        await client.GetAsync(10, "https+http://orders/");

        Assert.Equal((5, 5), (plain.Count, secure.Count));
        Assert.Equal($"127.0.0.1:{plain.Port}", plain.Received[0].Host);
        Assert.Equal("orders", secure.Received[0].Host);
    }

    private BalancedClient Client(IEnumerable<Uri> addresses, Action<LoadBalancingOptions>? configure = null) =>
        BalancedClient.Create(
            builder => builder
                .UseSocketsHttpHandler((handler, _) => handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) =>
                {
                    // No authority has signed the certificate. Nothing else may be wrong with it.
                    _complaints.Enqueue(errors);
                    return errors == SslPolicyErrors.RemoteCertificateChainErrors;
                })
                .AddLoadBalancing(options =>
                {
                    options.AddEndpoints(addresses);
                    configure?.Invoke(options);
                }),
            name: "orders");
}
