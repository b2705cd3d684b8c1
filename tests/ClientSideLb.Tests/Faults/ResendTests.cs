using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Faults;

/// <summary>A request that is sent again: by failover, and by handlers outside.</summary>
public sealed class ResendTests
{
    [Theory]
    [InlineData(LoadBalancingStrategies.ConsistentHash)]
    [InlineData(LoadBalancingStrategies.Maglev)]
    [InlineData(LoadBalancingStrategies.IpHash)]
    public async Task A_handler_outside_that_sends_again_with_a_token_reaches_the_same_endpoint(string strategy)
    {
        await using var fleet = await BackendFleet.StartAsync(5, static context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization.Count == 0 ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        await using var client = BalancedClient.Create(builder => builder
            .AddHttpMessageHandler(static () => new SignInHandler())
            .AddLoadBalancing(options =>
            {
                options.Strategy = strategy;
                options.AddEndpoints(fleet.Select(static backend => backend.Address));
            }));

        for (var key = 0; key < 10; key++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.SetHashKey($"user-{key}");
            request.SetClientIp(new IPAddress([192, 0, 2, (byte)key]));
            using var response = await client.Http.SendAsync(request);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        // Each request came twice to the same backend.
        Assert.All(fleet, static backend => Assert.Equal(0, backend.Count % 2));
        Assert.Equal(20, fleet.Sum(static backend => backend.Count));
    }

    [Fact]
    public async Task A_request_that_an_invoker_sends_again_after_a_good_answer_stays_with_its_endpoint()
    {
        await using var fleet = await BackendFleet.StartAsync(5);
        await using var client = BalancedClient.Of(fleet, static options => options.Strategy = LoadBalancingStrategies.ConsistentHash);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/document/1");

        for (var i = 0; i < 5; i++)
        {
            using var response = await client.Invoker.SendAsync(request, CancellationToken.None);
        }

        Assert.Equal(5, fleet.Max(static backend => backend.Count));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_request_that_an_invoker_sends_again_after_a_bad_answer_goes_to_endpoints_not_tried_yet(int status)
    {
        await using var fleet = await BackendFleet.StartAsync(3, Answers.Status(status));

        // Without handlers outside of the balancer, not even those that log, no list of tried endpoints is made beforehand.
        await using var client = BalancedClient.Create(builder => builder.RemoveAllLoggers().AddLoadBalancing(options =>
        {
            options.AddEndpoints(fleet);
            options.Strategy = LoadBalancingStrategies.ConsistentHash;
        }));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://api/document/1");

        for (var i = 0; i < 3; i++)
        {
            using var response = await client.Invoker.SendAsync(request, CancellationToken.None);
        }

        Assert.Equal([1, 1, 1], fleet.Counts);
    }

    [Fact]
    public async Task Each_attempt_has_a_span_of_its_own_in_the_same_trace()
    {
        using var listener = Listen();
        var seen = new ConcurrentQueue<string>();
        await using var fleet = await BackendFleet.StartAsync(3, context =>
        {
            seen.Enqueue(context.Request.Headers.TraceParent.ToString());
            context.Response.StatusCode = seen.Count < 3 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        await using var client = BalancedClient.Of(fleet);
        using var activity = new Activity("caller").Start();

        await client.GetAsync(1);

        var contexts = seen.Select(static parent => ActivityContext.Parse(parent, null)).ToList();
        Assert.Equal(3, contexts.Count);
        Assert.All(contexts, context => Assert.Equal(activity.TraceId, context.TraceId));
        Assert.Equal(3, contexts.Select(static context => context.SpanId).Distinct().Count());
    }

    [Fact]
    public async Task A_request_that_is_redirected_has_a_span_of_its_own_for_each_hop()
    {
        using var listener = Listen();
        var seen = new ConcurrentQueue<string>();
        await using var backend = await Backend.StartAsync(context =>
        {
            seen.Enqueue(context.Request.Headers.TraceParent.ToString());
            if (context.Request.Path == "/")
            {
                context.Response.Redirect("/next");
            }

            return Task.CompletedTask;
        });
        await using var client = BalancedClient.Of(backend);
        using var activity = new Activity("caller").Start();

        await client.GetAsync(1, "/");

        Assert.Equal(2, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_trace_context_that_the_caller_set_stays_in_each_attempt()
    {
        const string Parent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
        using var listener = Listen();
        var seen = new ConcurrentQueue<string>();
        await using var fleet = await BackendFleet.StartAsync(2, context =>
        {
            seen.Enqueue(context.Request.Headers.TraceParent.ToString());
            context.Response.StatusCode = seen.Count < 2 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        await using var client = BalancedClient.Of(fleet);
        using var activity = new Activity("caller").Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("traceparent", Parent);

        using var response = await client.Http.SendAsync(request);

        Assert.Equal([Parent, Parent], seen);
    }

    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "System.Net.Http",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class SignInHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
            {
                return response;
            }

            response.Dispose();
            request.Headers.Authorization = new("Bearer", "token");
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
