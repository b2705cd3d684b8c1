using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

/// <summary>Clusters that want the same probe share its result.</summary>
public sealed class SharedProbesTests
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(8);

    private readonly FakeTimeProvider _time = new();
    private readonly SharedProbes _probes;
    private readonly object _handler = new();
    private int _sent;

    public SharedProbesTests() => _probes = new SharedProbes(_time);

    [Fact]
    public async Task A_result_is_shared_until_it_is_too_old()
    {
        var first = await GetAsync();
        _time.Advance(Age - TimeSpan.FromTicks(1));
        var second = await GetAsync();
        _time.Advance(TimeSpan.FromTicks(1));
        var third = await GetAsync();

        Assert.Equal((false, true, false), (first.IsShared, second.IsShared, third.IsShared));
        Assert.Equal(first.Started, second.Started);
        Assert.Equal(_time.GetTimestamp(), third.Started);
        Assert.Equal(2, _sent);
    }

    [Theory]
    [InlineData("endpoint")]
    [InlineData("host")]
    [InlineData("headers")]
    [InlineData("settings")]
    [InlineData("handler")]
    public async Task A_probe_that_differs_in_anything_is_sent(string difference)
    {
        await GetAsync();

        var other = difference switch
        {
            "endpoint" => Identity() with { Address = "http://10.0.0.2" },
            "host" => Identity() with { Host = "orders" },
            "headers" => Identity() with { Headers = "Authorization: Bearer b" },
            "settings" => Identity(path: "/ready"),
            _ => Identity(),
        };
        var outcome = await GetAsync(other, by: difference == "handler" ? new object() : _handler);

        Assert.False(outcome.IsShared);
        Assert.Equal(2, _sent);
    }

    [Fact]
    public async Task A_cluster_waits_for_the_same_probe_of_another_one_however_long_it_takes()
    {
        var answer = new TaskCompletionSource<HealthProbeResult?>();
        var first = GetAsync(answer.Task);
        _time.Advance(10 * Age);
        var second = GetAsync();
        Assert.False(second.IsCompleted);

        answer.SetResult(HealthProbeResult.Failed("it is full"));

        Assert.Equal("it is full", (await Eventually.Done(second)).Result?.Reason);
        Assert.Equal((await first).Started, (await second).Started);
        Assert.Equal(1, _sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task If_a_probe_says_nothing_of_the_endpoint_the_next_cluster_sends_its_own(bool isCancelled)
    {
        var answer = new TaskCompletionSource<HealthProbeResult?>();
        var first = GetAsync(answer.Task);
        var others = Enumerable.Range(0, 5).Select(_ => GetAsync()).ToList();

        if (isCancelled)
        {
            answer.SetCanceled(TestContext.Current.CancellationToken);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        }
        else
        {
            answer.SetResult(null);
            Assert.Null((await first).Result);
        }

        var outcomes = await Eventually.Done(Task.WhenAll(others));
        Assert.All(outcomes, static outcome => Assert.True(outcome.Result?.IsPassed));
        Assert.Single(outcomes, static outcome => !outcome.IsShared);
        Assert.Equal(2, _sent);
    }

    [Fact]
    public async Task A_cluster_that_ends_does_not_wait_for_the_probe_of_another_one()
    {
        using var ended = new CancellationTokenSource();
        var answer = new TaskCompletionSource<HealthProbeResult?>();
        var first = GetAsync(answer.Task);
        var second = GetAsync(cancellationToken: ended.Token);

        await ended.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Done(second));
        answer.SetResult(HealthProbeResult.Passed);
        Assert.True((await Eventually.Done(first)).Result?.IsPassed);
    }

    [Fact]
    public async Task Probes_that_nobody_asks_for_any_more_are_forgotten()
    {
        var forgotten = await ProbeOnceAsync();
        _time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 200; i++)
        {
            await GetAsync(Identity() with { Address = $"http://10.0.1.{i}" });
        }

        await Eventually.TrueAfterCollection(() => !forgotten.IsAlive, "the probe was to be forgotten", generation: 2);
        GC.KeepAlive(_probes);
        GC.KeepAlive(_handler);

        async Task<WeakReference> ProbeOnceAsync()
        {
            var identity = Identity();
            await GetAsync(identity);
            return new WeakReference(identity);
        }
    }

    private static ProbeIdentity Identity(string path = "/health") => new("http://10.0.0.1", Host: null, "Authorization: Bearer a", Settings(path));

    // Each cluster has settings of its own, which may be equal to those of others.
    private static ProbeSettings Settings(string path) => ClusterSettings.Of(
        new LoadBalancingOptions { ActiveHealthCheck = { Enabled = true, Path = path } }, new RoundRobinStrategy(), TimeProvider.System).Probes;

    private Task<ProbeOutcome> GetAsync(ProbeIdentity? identity = null, object? by = null, CancellationToken cancellationToken = default) =>
        GetAsync(Task.FromResult<HealthProbeResult?>(HealthProbeResult.Passed), identity, by, cancellationToken);

    private Task<ProbeOutcome> GetAsync(
        Task<HealthProbeResult?> answer, ProbeIdentity? identity = null, object? by = null, CancellationToken cancellationToken = default)
    {
        Task<HealthProbeResult?> SendAsync()
        {
            Interlocked.Increment(ref _sent);
            return answer;
        }

        return _probes.GetAsync(by ?? _handler, identity ?? Identity(), Age, SendAsync, cancellationToken);
    }
}
