using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Tests.Faults;

/// <summary>A backend that hangs is found while requests wait for it, and also if the callers are impatient.</summary>
public sealed class HangTests
{
    [Theory]
    [InlineData(LoadBalancingStrategies.RoundRobin, false)]
    [InlineData(LoadBalancingStrategies.Random, false)]
    [InlineData(LoadBalancingStrategies.RoundRobin, true)]
    public async Task A_backend_that_begins_to_hang_is_ejected_while_its_requests_wait_without_a_time_limit(string strategy, bool synchronous)
    {
        var hangs = new Switch();
        await using var fleet = await StartAsync(hangs);
        await using var client = BalancedClient.Of(fleet, options => options.Strategy = strategy);
        await client.GetAsync(60);
        hangs.IsOn = true;

        using var end = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 32).Select(_ => CallAsync(client, synchronous, end.Token)).ToArray();
        await Eventually.Equal(EndpointHealth.Ejected, () => client.EndpointOf(fleet[0]).Health);

        // Whoever comes now is answered.
        await client.GetAsync(60);
        await end.CancelAsync();
        await Task.WhenAll(callers);
    }

    [Fact]
    public async Task A_backend_that_hangs_is_ejected_if_the_client_s_time_limit_is_far_below_UnansweredWait()
    {
        var hangs = new Switch();
        await using var fleet = await StartAsync(hangs);
        await using var client = BalancedClient.Of(fleet);
        client.Http.Timeout = TimeSpan.FromMilliseconds(600);
        await client.GetAsync(60);
        hangs.IsOn = true;

        await Eventually.True(
            async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TryGetAsync(client)));
                return client.EndpointOf(fleet[0]).Health == EndpointHealth.Ejected;
            },
            "the backend is ejected");
    }

    [Fact]
    public async Task A_backend_that_hangs_is_ejected_if_attempts_have_a_time_limit_far_below_UnansweredWait()
    {
        var hangs = new Switch();
        await using var fleet = await StartAsync(hangs);
        await using var client = BalancedClient.Of(fleet, static options =>
        {
            // The least loaded endpoint is seldom one that has just failed.
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.Failover.AttemptTimeout = TimeSpan.FromMilliseconds(400);
        });
        await client.GetAsync(60);
        hangs.IsOn = true;

        await Eventually.True(
            async () =>
            {
                await client.GetAsync(1);
                return client.EndpointOf(fleet[0]).Health == EndpointHealth.Ejected;
            },
            "the backend is ejected");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_backend_whose_bodies_stall_after_good_headers_is_ejected_when_the_callers_give_up(bool hasLength, bool isBuffered)
    {
        var stalls = new Switch();
        await using var fleet = await BackendFleet.StartAsync(
        [
            Backend.StartAsync(context => stalls.IsOn ? StallAsync(context, hasLength, "application/json") : context.Response.WriteAsync("ok")),
            Backend.StartAsync(),
            Backend.StartAsync(),
        ]);
        await using var client = BalancedClient.Of(fleet, static options => options.OutlierDetection.UnansweredWait = TimeSpan.FromMilliseconds(300));
        client.Http.Timeout = TimeSpan.FromMilliseconds(600);
        await client.GetAsync(60);
        stalls.IsOn = true;

        await Eventually.True(
            async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => isBuffered ? TryGetAsync(client) : TryReadAsync(client)));
                return client.EndpointOf(fleet[0]).Health == EndpointHealth.Ejected;
            },
            "the backend is ejected");
        Assert.Equal("5 response bodies in a row broke off", client.EndpointOf(fleet[0]).HealthReason);
    }

    [Fact]
    public async Task A_stream_of_events_that_pauses_until_its_reader_gives_up_ejects_nobody()
    {
        await using var fleet = await BackendFleet.StartAsync(2, static context => StallAsync(context, hasLength: false, "text/event-stream"));
        await using var client = BalancedClient.Of(fleet, static options => options.OutlierDetection.UnansweredWait = TimeSpan.FromMilliseconds(100));

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => TryReadAsync(client)));

        Assert.All(client.Endpoints, static endpoint => Assert.Equal(EndpointHealth.Healthy, endpoint.Health));
    }

    private static Task<BackendFleet> StartAsync(Switch hangs) => BackendFleet.StartAsync(
    [
        Backend.StartAsync(context => hangs.IsOn ? Answers.HangAsync(context) : context.Response.WriteAsync("ok")),
        Backend.StartAsync(),
        Backend.StartAsync(),
    ]);

    private static async Task StallAsync(HttpContext context, bool hasLength, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = hasLength ? 100 : null;
        await context.Response.WriteAsync("begin");
        await context.Response.Body.FlushAsync();
        await Answers.HangAsync(context);
    }

    private static async Task CallAsync(BalancedClient client, bool synchronous, CancellationToken end)
    {
        try
        {
            while (true)
            {
                (await client.SendAsync(synchronous, cancellationToken: end)).Dispose();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static async Task TryGetAsync(BalancedClient client)
    {
        try
        {
            await client.GetAsync(1);
        }
        catch (OperationCanceledException)
        {
        }
    }

    // Reads the body piece by piece.
    private static async Task TryReadAsync(BalancedClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(600));
        try
        {
            using var response = await client.Http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, patience.Token);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
            await reader.ReadToEndAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private sealed class Switch
    {
        private volatile bool _isOn;

        internal bool IsOn
        {
            get => _isOn;
            set => _isOn = value;
        }
    }
}
