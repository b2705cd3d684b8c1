using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests.Functional;

/// <summary>With <see cref="FailoverOptions.MoveRejected"/>, a 429 says that the endpoint has no room.</summary>
public sealed class MoveRejectedTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 17, 12, 0, 0, TimeSpan.Zero));
    private readonly TimeSpan?[] _asked = new TimeSpan?[3];
    private TimeSpan _takes;

    [Theory]
    [InlineData("GET", true)]
    [InlineData("POST", true)]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    public async Task A_rejected_request_moves_with_its_content_whatever_its_method(string method, bool synchronous)
    {
        await using var fleet = await StartAsync(3);
        await using var client = Client(fleet);
        Reject(0, TimeSpan.FromSeconds(30));

        for (var i = 0; i < 6; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/") { Content = new StringContent($"prompt {i}") };
            using var response = synchronous ? client.Http.Send(request) : await client.Http.SendAsync(request);
            Assert.Equal($"prompt {i}", await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        }

        Assert.Equal(1, fleet[0].Count);
        Assert.Equal(6, fleet[1].Count + fleet[2].Count);
        await Eventually.Equal(0, () => client.InFlight);
    }

    [Fact]
    public async Task A_rejected_request_whose_content_cannot_be_sent_again_does_not_move_but_the_next_ones_go_elsewhere()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet);
        Reject(0, TimeSpan.FromSeconds(30));

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await client.Http.PostAsync("/", new StreamContent(new MemoryStream([1, 2, 3])));
            statuses.Add(response.StatusCode);
        }

        Assert.Single(statuses, HttpStatusCode.TooManyRequests);
        Assert.Equal(1, fleet[0].Count);
    }

    [Fact]
    public async Task An_endpoint_that_rejects_gets_nothing_until_its_time_is_over_and_then_its_share_at_once()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet);
        Reject(0, TimeSpan.FromSeconds(20));
        await PostAsync(client, 4);

        var state = client.EndpointOf(fleet[0]).State;
        Assert.Equal((EndpointHealth.Ejected, true, false), (state.Health, state.IsRejecting, state.IsAvailable));
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(20), state.EjectedUntil);
        Assert.Equal("it rejected a request (429) until it has room again", state.HealthReason);

        Reject(0, null);
        _time.Advance(TimeSpan.FromSeconds(19.9));
        await PostAsync(client, 4);
        Assert.Equal(1, fleet[0].Count);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(EndpointHealth.Healthy, client.EndpointOf(fleet[0]).Health);
        await PostAsync(client, 4);
        Assert.Equal(3, fleet[0].Count);
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.PeakEwma)]
    [InlineData(LoadBalancingStrategies.PowerOfTwoChoices)]
    [InlineData(LoadBalancingStrategies.LeastConnections)]
    public async Task Strategies_that_know_failures_do_not_hold_a_rejection_against_an_endpoint_that_has_room_again(string strategy)
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet, options => options.Strategy = strategy);
        _takes = TimeSpan.FromMilliseconds(10);
        await PostAsync(client, 20);
        var before = fleet[0].Count;
        Reject(0, TimeSpan.FromSeconds(1));
        await Eventually.True(
            async () =>
            {
                await PostAsync(client, 1);
                return client.EndpointOf(fleet[0]).State.IsRejecting;
            },
            "the endpoint has rejected a request");

        Reject(0, null);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, client.EndpointOf(fleet[0]).Penalty);
        await PostAsync(client, 100);

        Assert.InRange(fleet[0].Count - before, 20, 80);
    }

    [Fact]
    public async Task Without_a_time_a_rejected_request_moves_and_the_endpoint_is_not_set_aside()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet);
        Reject(0, TimeSpan.Zero);

        await PostAsync(client, 4);

        Assert.InRange(fleet[0].Count, 2, 4);
        Assert.True(client.EndpointOf(fleet[0]).State.IsAvailable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task If_every_endpoint_rejects_the_caller_gets_the_last_429_with_the_shortest_time_and_nothing_more_is_sent(bool synchronous)
    {
        await using var fleet = await StartAsync(3);
        await using var client = Client(fleet);
        Reject(0, TimeSpan.FromSeconds(30));
        Reject(1, TimeSpan.FromSeconds(12));
        Reject(2, TimeSpan.FromSeconds(50));

        using var last = await client.SendAsync(synchronous);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(12)), (last.StatusCode, last.Headers.RetryAfter?.Delta));
        Assert.StartsWith("no room at ", await last.Content.ReadAsStringAsync());
        Assert.Equal([1, 1, 1], fleet.Counts);

        _time.Advance(TimeSpan.FromSeconds(5.5));
        using var unsent = await client.SendAsync(synchronous);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)), (unsent.StatusCode, unsent.Headers.RetryAfter?.Delta));
        Assert.Equal(["6500"], unsent.Headers.GetValues("retry-after-ms"));
        Assert.Null(unsent.RequestMessage!.GetEndpoint());
        Assert.Equal("/", unsent.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Contains("did not send this request: all endpoints of service 'api' have answered 429 (Too Many Requests). The first of them has room again in 7 s.", await unsent.Content.ReadAsStringAsync());
        Assert.Equal([1, 1, 1], fleet.Counts);

        _time.Advance(TimeSpan.FromSeconds(6.5));
        Reject(1, null);
        using var sent = await client.SendAsync(synchronous);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.Equal([1, 2, 1], fleet.Counts);
    }

    [Fact]
    public async Task Requests_at_the_moment_in_which_an_endpoint_has_room_again_get_an_answer_and_no_exception()
    {
        const int Threads = 4;
        const int Requests = 50_000;

        var services = new ServiceCollection();
        services.AddHttpClient("api")
            .AddLoadBalancing(static options =>
            {
                options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1") });
                options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.2") });
                options.Failover.MoveRejected = true;
            })
            .ConfigurePrimaryHttpMessageHandler(static () => new RejectingHandler());
        await using var provider = services.BuildServiceProvider();
        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        // Both endpoints are set aside and come back all the time.
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Requests; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent([]) };
                using var response = http.Send(request);
                Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            }
        })));
    }

    [Fact]
    public async Task Drained_endpoints_do_not_turn_a_rejection_into_a_failure()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet);
        await client.GetAsync(1);
        client.Cluster.TryDrain(fleet[1].Address);
        Reject(0, TimeSpan.FromSeconds(30));

        using var last = await client.Http.GetAsync("/");
        using var unsent = await client.Http.GetAsync("/");

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (last.StatusCode, unsent.StatusCode));
    }

    [Fact]
    public async Task A_hedged_request_gets_the_same_429()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet, static options => options.Failover.HedgingDelay = TimeSpan.FromMinutes(1));
        Reject(0, TimeSpan.FromSeconds(30));
        await client.GetAsync(4);
        Assert.Equal(1, fleet[0].Count);

        Reject(1, TimeSpan.FromSeconds(40));
        using var last = await client.Http.GetAsync("/");
        using var unsent = await client.Http.GetAsync("/");

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(30)), (last.StatusCode, last.Headers.RetryAfter?.Delta));
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(30)), (unsent.StatusCode, unsent.Headers.RetryAfter?.Delta));
        Assert.Equal(5, fleet[1].Count);
    }

    [Fact]
    public async Task Panic_does_not_send_requests_to_endpoints_that_reject()
    {
        await using var fleet = await StartAsync(3);
        await using var client = Client(fleet, static options => options.PanicThreshold = 1);
        Reject(0, TimeSpan.FromSeconds(30));
        Reject(1, TimeSpan.FromSeconds(30));
        Reject(2, null);

        await client.GetAsync(20);
        Assert.Equal([1, 1], fleet.Counts.Take(2));

        // The only one that does not reject fails. That is no reason to overload the others.
        _asked[2] = Failure;
        for (var i = 0; i < 20; i++)
        {
            using var response = await client.Http.GetAsync("/");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }

        Assert.Equal([1, 1], fleet.Counts.Take(2));
    }

    [Fact]
    public async Task The_retry_budget_limits_the_moves()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet, static options =>
        {
            options.Failover.RetryBudget = 0;
            options.Failover.MinimumRetriesPerSecond = 0;
        });
        Reject(0, TimeSpan.Zero);

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await client.Http.GetAsync("/");
            statuses.Add(response.StatusCode);
        }

        Assert.Equal(2, statuses.Count(static status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task With_failover_off_a_429_reaches_the_caller_and_sets_nobody_aside()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet, static options => options.Failover.Enabled = false);
        Reject(0, TimeSpan.FromSeconds(30));

        for (var i = 0; i < 4; i++)
        {
            using var response = await client.Http.GetAsync("/");
        }

        Assert.Equal([2, 2], fleet.Counts);
    }

    [Fact]
    public async Task The_longest_ejection_time_limits_what_an_endpoint_can_ask_for()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet, static options => options.OutlierDetection.MaxEjectionTime = TimeSpan.FromSeconds(40));
        Reject(0, TimeSpan.FromHours(1));

        await PostAsync(client, 2);

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(40), client.EndpointOf(fleet[0]).State.EjectedUntil);
    }

    [Fact]
    public async Task Rejections_are_heeded_with_outlier_detection_off()
    {
        await using var fleet = await StartAsync(2);
        await using var client = Client(fleet, static options => options.OutlierDetection.Enabled = false);
        Reject(0, TimeSpan.FromSeconds(30));

        await PostAsync(client, 6);

        Assert.Equal(1, fleet[0].Count);
    }

    [Fact]
    public async Task A_stream_from_an_endpoint_that_rejects_further_requests_goes_on()
    {
        var gate = new Gate();
        var streaming = 0;
        await using var fleet = await BackendFleet.StartAsync(2, async context =>
        {
            var port = context.Request.Host.Port!.Value;
            if (context.Request.Path == "/stream")
            {
                Volatile.Write(ref streaming, port);
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: one\n\n");
                await context.Response.Body.FlushAsync();
                await gate.HoldAsync(context);
                await context.Response.WriteAsync("data: two\n\n");
            }
            else if (Volatile.Read(ref streaming) == port)
            {
                await RejectAsync(context, TimeSpan.FromSeconds(30));
            }
        });
        await using var client = Client(fleet);
        using var stream = await client.Http.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);
        await PostAsync(client, 4);
        Assert.True(stream.RequestMessage!.GetEndpoint()!.State.IsRejecting);

        gate.Open();
        Assert.Equal("data: one\n\ndata: two\n\n", await Eventually.Done(stream.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_rejection_by_another_host_after_a_redirect_says_nothing_about_the_endpoint()
    {
        await using var other = await Backend.StartAsync(static context => RejectAsync(context, TimeSpan.FromSeconds(30)));
        await using var fleet = await BackendFleet.StartAsync(2, context =>
        {
            context.Response.Redirect(other.Address.AbsoluteUri);
            return Task.CompletedTask;
        });
        await using var client = Client(fleet);

        using var response = await client.Http.GetAsync("/");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.All(client.Endpoints, static endpoint => Assert.True(endpoint.State.IsAvailable));
        Assert.Equal(1, other.Count);
    }

    [Fact]
    public async Task A_gRPC_call_without_room_moves_as_well()
    {
        await using var fleet = await BackendFleet.StartAsync(2, static context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "8";
            context.Response.Headers.RetryAfter = "30";
            return Task.CompletedTask;
        });
        await using var client = Client(fleet);

        using var response = await client.Http.PostAsync("/", new ByteArrayContent([0, 0, 0, 0, 0]));

        Assert.Equal([1, 1], fleet.Counts);
        Assert.All(client.Endpoints, static endpoint => Assert.True(endpoint.State.IsRejecting));
    }

    // A negative time is no time but a failure.
    private static readonly TimeSpan Failure = TimeSpan.FromSeconds(-1);

    private static async Task RejectAsync(HttpContext context, TimeSpan asked)
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        if (asked > TimeSpan.Zero)
        {
            context.Response.Headers.RetryAfter = $"{asked.TotalSeconds}";
        }

        await context.Response.WriteAsync($"no room at {context.Request.Host.Port}");
    }

    private static async Task PostAsync(BalancedClient client, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await client.Http.PostAsync("/", new StringContent("prompt"));
            response.EnsureSuccessStatusCode();
        }
    }

    private void Reject(int backend, TimeSpan? asked) => _asked[backend] = asked;

    private Task<BackendFleet> StartAsync(int count) => BackendFleet.StartAsync(Enumerable.Range(0, count).Select(index => Backend.StartAsync(async context =>
    {
        _time.Advance(_takes);
        switch (_asked[index])
        {
            case null:
                await context.Request.Body.CopyToAsync(context.Response.Body);
                break;
            case { } asked when asked == Failure:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                break;
            case { } asked:
                await RejectAsync(context, asked);
                break;
        }
    })));

    private BalancedClient Client(BackendFleet fleet, Action<LoadBalancingOptions>? configure = null) => BalancedClient.Of(
        fleet,
        options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.Failover.MoveRejected = true;
            options.Failover.MinimumRetriesPerSecond = 1000;
            configure?.Invoke(options);
        },
        _time);

    private sealed class RejectingHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { RequestMessage = request };
            response.Headers.Add("retry-after-ms", "1");
            return response;
        }
    }
}
