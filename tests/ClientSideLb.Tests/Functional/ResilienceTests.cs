using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ClientSideLb.Tests.Functional;

/// <summary>
/// Resilience handlers of the caller around the balancer. They and the balancer's own failover never try an endpoint twice. Where a test is
/// about the outer handlers alone, it sends POST, which the balancer does not send again.
/// </summary>
public sealed class ResilienceTests
{
    [Theory]
    [ClassData<EveryStrategy>]
    public async Task Retries_of_a_handler_outside_go_to_endpoints_not_tried_yet(string strategy)
    {
        await using var fleet = await BackendFleet.StartAsync(4, Answers.BusyAsync);
        await using var client = Client(fleet, retries: 3, options => options.Strategy = strategy);

        using var response = await client.Http.PostAsync("/", new StringContent("order"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal([1, 1, 1, 1], fleet.Counts);
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task Retries_after_a_broken_connection_go_to_endpoints_not_tried_yet()
    {
        await using var fleet = await BackendFleet.StartAsync(3, Answers.ResetAsync);
        await using var client = Client(fleet, retries: 2, static options => options.Strategy = LoadBalancingStrategies.ConsistentHash);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.PostAsync("/", new StringContent("order")));

        Assert.Equal([1, 1, 1], fleet.Counts);
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task Retries_start_a_second_round_when_all_endpoints_have_been_tried()
    {
        await using var fleet = await BackendFleet.StartAsync(2, Answers.BusyAsync);
        await using var client = Client(fleet, retries: 3, static options => options.Strategy = LoadBalancingStrategies.ConsistentHash);

        using var response = await client.Http.PostAsync("/", new StringContent("order"));

        Assert.Equal([2, 2], fleet.Counts);
    }

    [Fact]
    public async Task Two_retries_find_the_good_one_of_three_backends()
    {
        await using var bad = await BackendFleet.StartAsync(2, Answers.BusyAsync);
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
        await using var fleet = await BackendFleet.StartAsync(2, Answers.BusyAsync);
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
        await using var client = HedgingClient(fleet, static options => options.Strategy = LoadBalancingStrategies.ConsistentHash);

        using var response = await Eventually.Done(client.Http.GetAsync("/"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([1, 1], fleet.Counts);
        await Eventually.Equal(0, () => client.InFlight);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(1, 3)]
    public async Task Retries_outside_go_on_where_failover_inside_ended(int retries, int attempts)
    {
        await using var fleet = await BackendFleet.StartAsync(6, Answers.BusyAsync);
        await using var client = Client(fleet, retries, options => FailOver(options, attempts));

        using var response = await client.Http.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.All(fleet.Counts, static count => Assert.InRange(count, 0, 1));
        Assert.Equal((retries + 1) * attempts, fleet.Counts.Sum());
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_hedged_attempt_outside_that_fails_moves_inside_to_an_endpoint_that_neither_has_tried()
    {
        var gate = new Gate();
        var arrivals = 0;
        await using var fleet = await BackendFleet.StartAsync(3, context => Interlocked.Increment(ref arrivals) switch
        {
            1 => gate.HoldAsync(context),
            2 => Answers.BusyAsync(context),
            _ => context.Response.WriteAsync("ok"),
        });
        await using var client = HedgingClient(fleet, static options => FailOver(options, attempts: 2));

        using var response = await Eventually.Done(client.Http.GetAsync("/"));

        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        Assert.Equal([1, 1, 1], fleet.Counts);
        await Eventually.Equal(0, () => client.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copies_of_a_request_that_a_handler_outside_sends_go_to_endpoints_not_tried_yet(bool synchronous)
    {
        await using var fleet = await BackendFleet.StartAsync(3, Answers.BusyAsync);
        await using var client = BalancedClient.Create(builder => builder
            .AddHttpMessageHandler(static () => new CopyingHandler(times: 3))
            .AddLoadBalancing(options =>
            {
                options.AddEndpoints(fleet);
                options.Strategy = LoadBalancingStrategies.ConsistentHash;
            }));

        using var response = await client.SendAsync(synchronous, HttpMethod.Post);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal([1, 1, 1], fleet.Counts);
    }

    [Fact]
    public async Task Retries_of_a_handler_outside_go_to_an_endpoint_that_is_out_rather_than_a_second_time_to_one_that_failed_the_request()
    {
        var sound = 0;
        await using var fleet = await BackendFleet.StartAsync(
            3, context => context.Connection.LocalPort == Volatile.Read(ref sound) ? context.Response.WriteAsync("ok") : Answers.BusyAsync(context));
        await using var client = Client(fleet, retries: 2, static options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.OutlierDetection.BaseEjectionTime = TimeSpan.FromMinutes(2);
            options.OutlierDetection.ConsecutiveFailures = 2;
        });

        // All fail. The first one that fails twice is ejected, and the ratio keeps the other two.
        for (var i = 0; i < 2; i++)
        {
            using var failed = await client.Http.PostAsync("/", new StringContent("order"));
        }

        var ejected = Assert.Single(client.Endpoints, static endpoint => endpoint.Health == EndpointHealth.Ejected);
        Volatile.Write(ref sound, ejected.Address.Port);
        var before = fleet.Counts;
        using var response = await client.Http.PostAsync("/", new StringContent("order"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([1, 1, 1], fleet.Counts.Zip(before, static (now, then) => now - then));
    }

    private static void FailOver(LoadBalancingOptions options, int attempts)
    {
        options.Strategy = LoadBalancingStrategies.ConsistentHash;
        options.Failover.MaxAttempts = attempts;
        options.OutlierDetection.Enabled = false;
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

    private static BalancedClient HedgingClient(IEnumerable<Backend> backends, Action<LoadBalancingOptions> configure) =>
        BalancedClient.Create(builder =>
        {
            builder.AddStandardHedgingHandler().Configure(static options => options.Hedging.Delay = TimeSpan.FromMilliseconds(100));
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

    // As a hedging handler does, it sends no request twice, but copies with the same options.
    private sealed class CopyingHandler(int times) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var i = 1; i < times; i++)
            {
                (await base.SendAsync(RequestCopy.Of(request), cancellationToken)).Dispose();
            }

            return await base.SendAsync(RequestCopy.Of(request), cancellationToken);
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var i = 1; i < times; i++)
            {
                base.Send(RequestCopy.Of(request), cancellationToken).Dispose();
            }

            return base.Send(RequestCopy.Of(request), cancellationToken);
        }
    }

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
