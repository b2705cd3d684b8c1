using ClientSideLb.Consul.Tests.Support;
using ClientSideLb.Tests.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Consul.Tests.Discovery;

/// <summary>A balanced client, real backends, and a Consul in which they are registered. Nothing is told to the client but the name.</summary>
public sealed class EndToEndTests : IAsyncLifetime
{
    private readonly TestConsul _consul = new();
    private readonly List<TestBackend> _backends = [];

    private int[] Ports => [.. _backends.Select(static one => one.Address.Port)];

    public async ValueTask InitializeAsync()
    {
        await _consul.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            var backend = await TestBackend.StartNewAsync();
            backend.Answer = static context => context.Response.WriteAsync($"{context.Connection.LocalPort}");
            _backends.Add(backend);
        }

        Register(static _ => true);
    }

    [Fact]
    public async Task Requests_go_to_all_instances_and_leave_the_one_that_is_deregistered()
    {
        await using var app = new TestApp(_consul.Address);
        Assert.Equal([.. Ports], await app.SendAsync(9));

        Register(instance => instance.Port != Ports[0]);

        await StaysAwayAsync(app, Ports[0]);
        Register(static _ => true);
        await Eventually.TrueAsync(async () => (await app.SendAsync(3)).Contains(Ports[0]), "the instance that is registered again gets requests");
    }

    [Theory]
    [InlineData("critical", false, false)]
    [InlineData("critical", false, true)]
    [InlineData("passing", true, false)]
    public async Task Requests_leave_an_instance_that_is_critical_or_in_maintenance_and_come_back(string status, bool isInMaintenance, bool passingOnly)
    {
        await using var app = new TestApp(_consul.Address, options => options.PassingOnly = passingOnly);
        Assert.Equal([.. Ports], await app.SendAsync(9));

        Register(static _ => true, one => one.Port == Ports[0] ? one with { Status = status, IsInMaintenance = isInMaintenance } : one);

        await StaysAwayAsync(app, Ports[0]);
        Register(static _ => true);
        await Eventually.TrueAsync(async () => (await app.SendAsync(3)).Contains(Ports[0]), "the instance that is well again gets requests");
    }

    [Fact]
    public async Task Weights_are_shares_of_the_requests()
    {
        var weights = new Dictionary<int, int> { [Ports[0]] = 3, [Ports[1]] = 2, [Ports[2]] = 1 };
        Register(static _ => true, one => one with { Weights = (weights[one.Port], 1) });
        await using var app = new TestApp(_consul.Address, add: static services => services
            .AddHttpClient("client").AddLoadBalancing(static options => options.Strategy = LoadBalancingStrategies.WeightedRoundRobin));
        await app.SendAsync(60);

        Assert.Equal([30, 20, 10], _backends.Select(static backend => backend.Requests));
    }

    [Fact]
    public async Task An_instance_in_maintenance_finishes_the_requests_that_are_under_way()
    {
        var release = new TaskCompletionSource();
        _backends[0].Answer = async context =>
        {
            await release.Task;
            await context.Response.WriteAsync($"{context.Connection.LocalPort}");
        };
        await using var app = new TestApp(_consul.Address);
        var underWay = Enumerable.Range(0, 3).Select(_ => app.SendAsync(1)).ToList();
        await Eventually.TrueAsync(() => _backends[0].Requests == 1, "a request is under way");

        Register(static _ => true, one => one.Port == Ports[0] ? one with { IsInMaintenance = true } : one);
        var cluster = Assert.Single(app.Services.GetRequiredService<IClusterRegistry>().Clusters);
        await Eventually.TrueAsync(() => cluster.Endpoints.Any(static endpoint => endpoint.Health == EndpointHealth.Draining), "the instance drains");
        await app.SendAsync(9);

        Assert.Equal(1, _backends[0].Requests);
        release.SetResult();
        await Task.WhenAll(underWay);
    }

    [Fact]
    public async Task While_Consul_is_away_requests_go_on()
    {
        await using var app = new TestApp(_consul.Address);
        await app.SendAsync(3);

        await _consul.StopAsync();
        await Eventually.TrueAsync(() => app.Log.GetSnapshot().Any(static line => line.Id.Id == 501), "the loss of Consul is told");

        Assert.Equal([.. Ports], await app.SendAsync(9));
    }

    [Fact]
    public async Task A_tag_before_the_name_chooses_the_instances_that_have_it()
    {
        Register(static _ => true, one => one.Port == Ports[2] ? one with { Tags = ["v2"] } : one);
        await using var app = new TestApp(_consul.Address);

        Assert.Equal([Ports[2]], await app.SendAsync(3, "http://_v2.api/"));
    }

    [Fact]
    public async Task A_service_that_nobody_asks_for_any_more_is_not_watched()
    {
        var time = new FakeTimeProvider();
        await using var app = new TestApp(_consul.Address, add: services => services.AddSingleton<TimeProvider>(time));
        await app.SendAsync(3);
        await Eventually.TrueAsync(() => _consul.Held == 1, "the query is held");

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return app.Log.GetSnapshot().Any(static line => line.Id.Id == 505);
            },
            "the watch ends");

        await Eventually.TrueAsync(() => _consul.Held == 0, "the query is given up");
    }

    [Fact]
    public async Task Nothing_runs_after_the_container_is_gone()
    {
        var app = new TestApp(_consul.Address);
        await app.SendAsync(3);
        await Eventually.TrueAsync(() => _consul.Held == 1, "the query is held");

        await app.DisposeAsync();

        await Eventually.TrueAsync(() => _consul.Held == 0, "the query is given up");
        var queries = _consul.Queries.Length;
        _consul.Touch();
        await using var other = new TestApp(_consul.Address);
        await other.SendAsync(1);
        await Eventually.TrueAsync(() => _consul.Held == 1, "the other container's query is held");
        Assert.Equal(queries + 2, _consul.Queries.Length);
    }

    [Fact]
    public async Task The_container_can_be_disposed_synchronously()
    {
        var app = new TestApp(_consul.Address);
        await app.SendAsync(1);

        ((IDisposable)app.Services).Dispose();

        await Eventually.TrueAsync(() => _consul.Held == 0, "the query is given up");
    }

    public async ValueTask DisposeAsync()
    {
        await _consul.DisposeAsync();
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }
    }

    private static Task StaysAwayAsync(TestApp app, int port) =>
        Eventually.TrueAsync(async () => !(await app.SendAsync(9)).Contains(port), "no request goes to the instance that is out");

    private void Register(Func<Registration, bool> isIn, Func<Registration, Registration>? change = null) =>
        _consul.Set("api", [.. _backends.Select(static one => Registration.Of(one.Address)).Where(isIn).Select(change ?? (static one => one))]);
}
