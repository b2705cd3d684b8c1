using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests.Functional;

/// <summary>What fails at the target of a redirect to another place is neither a failure nor a success of the endpoint that redirected there.</summary>
public sealed class RedirectElsewhereTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private Backend _elsewhere = null!;
    private BackendFleet _fleet = null!;

    private int _arrivals;

    public async ValueTask InitializeAsync()
    {
        _elsewhere = await Backend.StartAsync(context =>
        {
            Interlocked.Increment(ref _arrivals);
            return context.Request.Path.Value switch
            {
                "/503" => Answers.BusyAsync(context),
                "/reset" => Answers.ResetAsync(context),
                "/hangs" => Answers.HangAsync(context),
                _ => Task.CompletedTask,
            };
        });
        _fleet = await BackendFleet.StartAsync(2, context =>
        {
            switch (context.Request.Path.Value)
            {
                case "/busy":
                    return Answers.BusyAsync(context);
                case "/refused":
                    context.Response.Redirect("http://127.0.0.1:1/");
                    return Task.CompletedTask;
                case "/":
                    return Task.CompletedTask;
                default:
                    context.Response.Redirect(new Uri(_elsewhere.Address, context.Request.Path).AbsoluteUri);
                    return Task.CompletedTask;
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    [Theory]
    [InlineData("/503")]
    [InlineData("/reset")]
    [InlineData("/refused")]
    public async Task It_ejects_no_endpoint(string path)
    {
        await using var client = Client(consecutiveFailures: 1);

        await SendAsync(client, path, times: 10);

        Assert.All(client.Endpoints, static endpoint => Assert.True(endpoint.IsAvailable));
    }

    [Theory]
    [InlineData("/503", 1)]
    [InlineData("/reset", 1)]
    [InlineData("/refused", 1)]
    [InlineData("/good", 0)]
    public async Task It_does_not_end_a_row_of_failures_as_an_answer_from_there_does(string path, int ejected)
    {
        await using var client = Client(consecutiveFailures: 2);

        // Each endpoint gets one of two requests.
        await SendAsync(client, "/busy", times: 2);
        await SendAsync(client, path, times: 2);
        Assert.All(client.Endpoints, static endpoint => Assert.True(endpoint.IsAvailable));
        await SendAsync(client, "/busy", times: 2);

        Assert.Equal(ejected, client.Endpoints.Count(static endpoint => endpoint.Health == EndpointHealth.Ejected));
    }

    [Theory]
    [InlineData("/503")]
    [InlineData("/reset")]
    [InlineData("/refused")]
    public async Task It_neither_ends_an_ejection_nor_makes_it_longer(string path)
    {
        await using var client = Client(consecutiveFailures: 1);
        var (endpoint, until) = await EjectAsync(client);
        _time.Advance(TimeSpan.FromMinutes(1));

        // Each of them is the trial, because the ones before it had no result.
        var before = Received(endpoint);
        await SendAsync(client, path, times: 3);
        Assert.Equal(before + 3, Received(endpoint));
        Assert.Equal((EndpointHealth.Ejected, until), (endpoint.Health, endpoint.EjectedUntil));

        await SendAsync(client, "/", times: 1);
        Assert.Equal(EndpointHealth.Healthy, endpoint.Health);
    }

    [Fact]
    public async Task Callers_who_give_up_waiting_for_it_eject_no_endpoint()
    {
        await using var client = Client(consecutiveFailures: 1);

        for (var i = 0; i < 4; i++)
        {
            await GiveUpWaitingAsync(client);
        }

        Assert.All(client.Endpoints, static endpoint => Assert.True(endpoint.IsAvailable));
    }

    [Fact]
    public async Task A_caller_who_gives_up_waiting_for_it_does_not_make_an_ejection_longer()
    {
        await using var client = Client(consecutiveFailures: 1);
        var (endpoint, until) = await EjectAsync(client);
        _time.Advance(TimeSpan.FromMinutes(1));

        await GiveUpWaitingAsync(client);

        Assert.Equal((EndpointHealth.Ejected, until), (endpoint.Health, endpoint.EjectedUntil));
        await SendAsync(client, "/", times: 1);
        Assert.Equal(EndpointHealth.Healthy, endpoint.Health);
    }

    private BalancedClient Client(int consecutiveFailures) => BalancedClient.Of(
        _fleet,
        options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.Failover.Enabled = false;
            options.OutlierDetection.ConsecutiveFailures = consecutiveFailures;
        },
        _time);

    private static async Task<(ClusterEndpoint Endpoint, DateTimeOffset? Until)> EjectAsync(BalancedClient client)
    {
        await SendAsync(client, "/busy", times: 1);
        var endpoint = Assert.Single(client.Endpoints, static endpoint => endpoint.Health == EndpointHealth.Ejected);
        return (endpoint, endpoint.EjectedUntil);
    }

    private static async Task SendAsync(BalancedClient client, string path, int times)
    {
        for (var i = 0; i < times; i++)
        {
            try
            {
                using var response = await client.Http.GetAsync(path);
            }
            catch (HttpRequestException)
            {
            }
        }
    }

    // The caller waits for much longer than UnansweredWait.
    private async Task GiveUpWaitingAsync(BalancedClient client)
    {
        using var cancellation = new CancellationTokenSource();
        var arrivals = Volatile.Read(ref _arrivals);
        var sending = client.Http.GetAsync("/hangs", cancellation.Token);
        await Eventually.Equal(arrivals + 1, () => Volatile.Read(ref _arrivals));
        _time.Advance(TimeSpan.FromMinutes(1));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Done(sending));
    }

    private int Received(ClusterEndpoint endpoint) => _fleet.Single(backend => backend.Port == endpoint.Address.Port).Count;
}
