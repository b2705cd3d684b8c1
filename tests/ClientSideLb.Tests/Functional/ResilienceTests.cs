using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ClientSideLb.Tests.Functional;

/// <summary>The caller's own handlers around the balancer. Requests are POST, which only a handler outside sends again.</summary>
public sealed class ResilienceTests
{
    [Theory]
    [ClassData<EveryStrategy>]
    public async Task Retries_of_a_handler_outside_go_to_endpoints_not_tried_yet(string strategy)
    {
        await using var fleet = await BackendFleet.StartAsync(4, Refuse);
        await using var client = Client(fleet, retries: 3, options => options.Strategy = strategy);

        using var response = await client.Http.PostAsync("/", new StringContent("order"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal([1, 1, 1, 1], fleet.Counts);
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task Retries_after_a_broken_connection_go_to_endpoints_not_tried_yet()
    {
        await using var fleet = await BackendFleet.StartAsync(3, static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using var client = Client(fleet, retries: 2, static options => options.Strategy = LoadBalancingStrategies.ConsistentHash);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.PostAsync("/", new StringContent("order")));

        Assert.Equal([1, 1, 1], fleet.Counts);
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task When_all_endpoints_have_been_tried_retries_start_over()
    {
        await using var fleet = await BackendFleet.StartAsync(2, Refuse);
        await using var client = Client(fleet, retries: 3, static options => options.Strategy = LoadBalancingStrategies.ConsistentHash);

        using var response = await client.Http.PostAsync("/", new StringContent("order"));

        Assert.Equal([2, 2], fleet.Counts);
    }

    [Fact]
    public async Task One_good_backend_of_three_is_found_by_two_retries()
    {
        await using var bad = await BackendFleet.StartAsync(2, Refuse);
        await using var good = await Backend.StartAsync();
        await using var client = Client([.. bad, good], retries: 2, static options => options.Strategy = LoadBalancingStrategies.Random);

        for (var i = 0; i < 20; i++)
        {
            using var response = await client.Http.PostAsync("/", new StringContent("order"));

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(good.Address, response.RequestMessage!.GetEndpoint()!.Address);
        }

        Assert.Equal(20, good.Count);
    }

    [Fact]
    public async Task Handlers_outside_see_the_logical_address_on_each_attempt_and_handlers_inside_the_endpoints()
    {
        var outside = new ConcurrentQueue<Uri>();
        var inside = new ConcurrentQueue<Uri>();
        await using var fleet = await BackendFleet.StartAsync(2, Refuse);
        await using var client = BalancedClient.Create(builder =>
        {
            AddRetries(builder, 1);
            builder
                .AddHttpMessageHandler(() => new AddressRecorder(outside))
                .AddLoadBalancing(options =>
                {
                    options.HostHeader = HostHeaderMode.Service;
                    options.AddEndpoints(fleet);
                })
                .AddHttpMessageHandler(() => new AddressRecorder(inside));
        });

        using var response = await client.Http.PostAsync("/a%2Fb", new StringContent("order"));

        // Each handler looks before and after the attempt.
        var logical = new Uri("https+http://api/a%2Fb");
        Assert.Equal([logical, logical, logical, logical], outside);
        Assert.Equal(4, inside.Count);
        Assert.Equal(
            fleet.SelectMany(static backend => Enumerable.Repeat($"{backend.Address}a%2Fb", 2)).Order(StringComparer.Ordinal),
            inside.Select(static address => address.AbsoluteUri).Order(StringComparer.Ordinal));
        Assert.All(fleet, static backend => Assert.Equal("api", Assert.Single(backend.Received).Host));
    }

    [Fact]
    public async Task A_hedged_attempt_goes_to_another_endpoint_than_the_slow_one()
    {
        var gate = new Gate();
        var arrivals = 0;
        await using var fleet = await BackendFleet.StartAsync(2, context =>
            Interlocked.Increment(ref arrivals) == 1 ? gate.HoldAsync(context) : context.Response.WriteAsync("ok"));
        await using var client = BalancedClient.Create(builder =>
        {
            builder.AddStandardHedgingHandler().Configure(static options => options.Hedging.Delay = TimeSpan.FromMilliseconds(100));
            builder.AddLoadBalancing(options =>
            {
                options.Strategy = LoadBalancingStrategies.ConsistentHash;
                options.AddEndpoints(fleet);
            });
        });

        using var response = await Eventually.Done(client.Http.GetAsync("/"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([1, 1], fleet.Counts);
        await Eventually.Equal(0, () => client.InFlight);
    }

    [Fact]
    public void Load_balancing_and_service_discovery_on_one_client_are_refused()
    {
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing().AddServiceDiscovery();
        services.AddHttpClient("other").AddServiceDiscovery().AddLoadBalancing();
        using var provider = services.BuildServiceProvider();
        var factory = provider.GetRequiredService<IHttpClientFactory>();

        foreach (var name in (string[])["api", "other"])
        {
            var refusal = Assert.Throws<InvalidOperationException>(() => factory.CreateClient(name));

            Assert.Contains("AddLoadBalancing", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("AddServiceDiscovery", refusal.Message, StringComparison.Ordinal);
            Assert.Contains($"'{name}'", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync("busy");
    }

    private static BalancedClient Client(IEnumerable<Backend> backends, int retries, Action<LoadBalancingOptions> configure) =>
        BalancedClient.Create(builder =>
        {
            AddRetries(builder, retries);
            builder.AddLoadBalancing(options =>
            {
                options.AddEndpoints(backends);
                configure(options);
            });
        });

    private static void AddRetries(IHttpClientBuilder builder, int retries) =>
        builder.AddStandardResilienceHandler(options =>
        {
            options.Retry.MaxRetryAttempts = retries;
            options.Retry.Delay = TimeSpan.Zero;
            options.Retry.UseJitter = false;
            options.Retry.BackoffType = DelayBackoffType.Constant;
        });

    private sealed class AddressRecorder(ConcurrentQueue<Uri> seen) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Enqueue(request.RequestUri!);
            var response = await base.SendAsync(request, cancellationToken);
            seen.Enqueue(request.RequestUri!);
            return response;
        }
    }
}
