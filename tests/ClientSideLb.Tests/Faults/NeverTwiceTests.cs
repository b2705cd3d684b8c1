using ClientSideLb.Tests.Chaos;
using ClientSideLb.Tests.Functional;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Faults;

/// <summary>A request that is not idempotent is never processed by two backends.</summary>
public sealed class NeverTwiceTests
{
    public static TheoryData<string> Methods => ["POST", "PATCH", "PURGE"];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_request_without_content_does_not_move_after_a_refusal_that_may_follow_a_send(string method)
    {
        using var closing = new ClosingBackend();
        await using var other = await Backend.StartAsync();
        await using var client = BalancedClient.Of([closing.Address, other.Address], static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        // Both backends have answered, and keep a connection.
        await client.GetAsync(2);
        var before = other.Count;
        var sent = 0;
        while (closing.Processed == 0)
        {
            Assert.True(sent < 4, "The closing backend gets every second request.");
            using var request = new HttpRequestMessage(new HttpMethod(method), "/order");
            sent++;
            try
            {
                using var response = await client.Http.SendAsync(request);
            }
            catch (HttpRequestException)
            {
                await closing.Served;
            }
        }

        Assert.Equal(sent, closing.Processed + other.Count - before);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_request_without_content_moves_away_from_a_backend_that_has_never_answered(string method)
    {
        await using var other = await Backend.StartAsync();
        await using var client = BalancedClient.Of(
            [new Uri($"http://127.0.0.1:{FreePort.Take()}/"), other.Address], static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/order");
            using var response = await client.Http.SendAsync(request);
            response.EnsureSuccessStatusCode();
        }

        Assert.Equal(4, other.Count);
    }

    [Fact]
    public async Task A_request_that_was_processed_does_not_move_if_a_handler_in_between_fails_afterwards()
    {
        await using var one = await Backend.StartAsync();
        await using var two = await Backend.StartAsync();
        await using var client = Create([one, two], static () => new AuditHandler());

        for (var i = 0; i < 20; i++)
        {
            using var content = new StringContent("order");
            await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.PostAsync("/order", content));
        }

        Assert.Equal(20, one.Count + two.Count);
        Assert.All(client.Endpoints, static endpoint => Assert.NotEqual(EndpointHealth.Ejected, endpoint.Health));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_request_whose_handler_in_between_fails_before_it_is_sent_ejects_no_endpoint()
    {
        await using var one = await Backend.StartAsync();
        await using var two = await Backend.StartAsync();
        await using var client = Create([one, two], static () => new TokenHandler());

        for (var i = 0; i < 40; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync("/"));
        }

        Assert.Equal(0, one.Count + two.Count);
        Assert.All(client.Endpoints, static endpoint => Assert.Equal(EndpointHealth.Unknown, endpoint.Health));
    }

    [Fact]
    public async Task A_failure_of_the_primary_handler_counts_although_handlers_stand_in_between_and_wrap_it()
    {
        await using var good = await Backend.StartAsync();
        var closed = new Uri($"http://127.0.0.1:{FreePort.Take()}/");
        await using var client = BalancedClient.Create(builder => builder
            .AddLoadBalancing(options =>
            {
                options.Strategy = LoadBalancingStrategies.RoundRobin;
                options.AddEndpoints([closed, good.Address]);
            })
            .AddHttpMessageHandler(static () => new WrappingHandler()));

        await client.GetAsync(20);

        Assert.Equal(20, good.Count);
        Assert.Equal(EndpointHealth.Ejected, client.Endpoints.Single(endpoint => endpoint.Address == closed).Health);
    }

    private static BalancedClient Create(Backend[] backends, Func<DelegatingHandler> createHandler) => BalancedClient.Create(builder => builder
        .AddLoadBalancing(options => options.AddEndpoints(backends.Select(static backend => backend.Address)))
        .AddHttpMessageHandler(createHandler));

    private static Task<HttpResponseMessage> CallDeadServiceAsync(CancellationToken cancellationToken)
    {
        var http = new HttpClient();
        return http.GetAsync(new Uri($"http://127.0.0.1:{FreePort.Take()}/"), cancellationToken);
    }

    private sealed class AuditHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var response = await base.SendAsync(request, cancellationToken);
            return await CallDeadServiceAsync(cancellationToken);
        }
    }

    private sealed class TokenHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var token = await CallDeadServiceAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class WrappingHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException failure)
            {
                throw new HttpRequestException(failure.HttpRequestError, "The order service failed.", failure);
            }
        }
    }
}
