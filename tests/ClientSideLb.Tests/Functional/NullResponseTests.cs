using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>A handler below the balancer that returns <see langword="null"/> breaks its contract. The caller learns that as from a bare client.</summary>
public sealed class NullResponseTests
{
    private static readonly Uri[] Addresses = [new("http://127.0.0.1:1"), new("http://127.0.0.1:2")];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_caller_gets_the_exception_that_a_bare_client_throws(bool isHedged)
    {
        using var bare = new HttpClient(new NullHandler(redirects: 0));
        await using var client = CreateClient(redirects: 0, isHedged);

        await Assert.ThrowsAsync<InvalidOperationException>(() => bare.GetAsync("http://api/"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Http.GetAsync("http://api/"));

        AssertNobodyIsBlamed(client);
    }

    [Fact]
    public async Task The_caller_of_a_synchronous_request_gets_the_exception_of_a_bare_client()
    {
        await using var client = CreateClient(redirects: 0);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/");

        await Task.Run(() => Assert.Throws<InvalidOperationException>(() => client.Http.Send(request)));

        AssertNobodyIsBlamed(client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_caller_of_a_request_whose_redirect_gets_no_response_gets_the_exception_of_a_bare_client(bool isSynchronous)
    {
        await using var client = CreateClient(redirects: 1);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/");

        var failure = await Record.ExceptionAsync(() => isSynchronous ? Task.Run(() => client.Http.Send(request)) : client.Http.SendAsync(request));

        Assert.IsType<InvalidOperationException>(failure);
        AssertNobodyIsBlamed(client);
    }

    [Fact]
    public async Task The_caller_of_a_second_attempt_without_a_response_gets_the_exception_of_a_bare_client()
    {
        await using var client = CreateClient(redirects: 0, failures: 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Http.GetAsync("http://api/"));

        Assert.Equal(0, client.InFlight);
    }

    private static void AssertNobodyIsBlamed(BalancedClient client) =>
        Assert.All(client.Endpoints, static endpoint => Assert.Equal((EndpointHealth.Unknown, 0), (endpoint.Health, endpoint.InFlight)));

    private static BalancedClient CreateClient(int redirects, bool isHedged = false, int failures = 0) => BalancedClient.Create(builder => builder
        .ConfigurePrimaryHttpMessageHandler(() => new NullHandler(redirects, failures))
        .RemoveAllLoggers()
        .AddLoadBalancing(options =>
        {
            options.AddEndpoints(Addresses);
            options.OutlierDetection.ConsecutiveFailures = 1;
            options.Failover.HedgingDelay = isHedged ? TimeSpan.FromSeconds(20) : null;
        }));

    // The balancer follows redirects in place of a handler of this type.
    private sealed class NullHandler(int redirects, int failures = 0) : HttpClientHandler
    {
        private int _redirects = redirects;
        private int _failures = failures;

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Interlocked.Decrement(ref _failures) >= 0 ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request } :
            Interlocked.Decrement(ref _redirects) >= 0 ? new HttpResponseMessage(HttpStatusCode.Found) { RequestMessage = request, Headers = { Location = new Uri("/next", UriKind.Relative) } } :
            null!;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}
