using Microsoft.Extensions.Logging;

namespace ClientSideLb.Tests;

/// <summary>Code of the application runs without the cluster's lock, so it does not delay other threads.</summary>
public sealed class ClusterCallbackTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_strategy_that_is_making_a_picker_holds_up_neither_a_drain_nor_a_request()
    {
        using var strategy = new GatedStrategy();
        var lab = new ClusterLab(3, strategy: strategy);
        strategy.IsGated = true;

        var update = Task.Run(() => lab.List(4));
        await strategy.Entered;
        await Task.Run(() => Assert.True(lab.Cluster.TryDrain(lab[0].Address))).WaitAsync(Soon);
        var endpoints = await Task.Run(() => lab.Cluster.Acquire(times: 20)).WaitAsync(Soon);
        strategy.Open();
        await update.WaitAsync(Soon);

        Assert.DoesNotContain(lab[0], endpoints);
        Assert.DoesNotContain(lab[0], lab.Cluster.Acquire(times: 20));
        Assert.Contains(lab[3], lab.Cluster.Acquire(times: 20));
    }

    [Fact]
    public async Task A_strategy_may_wait_for_another_thread_that_changes_the_cluster()
    {
        using var strategy = new GatedStrategy();
        var lab = new ClusterLab(3, strategy: strategy);
        lab.Cluster.TryDrain(lab[0].Address);
        strategy.IsGated = true;

        var update = Task.Run(() => lab.List(4));
        await strategy.Entered;
        var resume = Task.Run(() => lab.Cluster.TryResume(lab[0].Address)).ContinueWith(_ => strategy.Open(), TaskScheduler.Default);

        await Task.WhenAll(update, resume).WaitAsync(Soon);
        Assert.Contains(lab[0], lab.Cluster.Acquire(times: 20));
    }

    [Fact]
    public async Task An_endpoint_that_goes_out_while_the_strategy_is_making_a_picker_gets_no_request()
    {
        using var strategy = new GatedStrategy();
        var lab = new ClusterLab(3, strategy: strategy);
        strategy.IsGated = true;

        var update = Task.Run(() => lab.List(4));
        await strategy.Entered;
        await Task.Run(() => lab.Refuse(1, times: 5)).WaitAsync(Soon);

        Assert.Equal(EndpointHealth.Ejected, lab[1].Health);
        Assert.DoesNotContain(lab[1], lab.Cluster.Acquire(times: 20));
        strategy.Open();
        await update.WaitAsync(Soon);
        Assert.DoesNotContain(lab[1], lab.Cluster.Acquire(times: 20));
    }

    [Fact]
    public async Task A_request_finds_an_endpoint_at_each_moment_while_all_endpoints_are_replaced_or_go_out()
    {
        var lab = new ClusterLab(2, static options => options.OutlierDetection.BaseEjectionTime = TimeSpan.FromMilliseconds(10));
        using var stopped = new CancellationTokenSource();
        var requests = Task.Run(() =>
        {
            while (!stopped.IsCancellationRequested)
            {
                var lease = lab.Cluster.Acquire();
                Assert.NotNull(lease);
                lease.Release();
            }
        });

        for (var i = 0; i < 300; i++)
        {
            lab.List(2 * i, (2 * i) + 1);
            lab.Refuse(2 * i, times: 5);
            lab.Probe((2 * i) + 1, passes: false);
            lab.Cluster.TryDrain(lab[2 * i].Address);
            lab.Cluster.TryResume(lab[2 * i].Address);
        }

        await stopped.CancelAsync();
        await requests.WaitAsync(Soon);
    }

    [Fact]
    public async Task A_log_sink_that_blocks_holds_up_no_request_but_the_one_that_it_logs_for()
    {
        using var sink = new BlockingSink();
        var lab = new ClusterLab(4, logger: sink);
        sink.IsBlocking = true;

        var blocked = Task.Run(() => lab.Refuse(0, times: 5));
        await sink.Entered;
        await Task.Run(() => lab.Refuse(1, times: 5)).WaitAsync(Soon);
        await Task.Run(() => lab.Succeed(2, times: 5)).WaitAsync(Soon);
        Assert.Equal((EndpointHealth.Ejected, EndpointHealth.Ejected), (lab[0].Health, lab[1].Health));

        sink.Open();
        await blocked.WaitAsync(Soon);
        Assert.Equal([1, 10, 10], sink.EventIds.Take(3));
    }

    [Fact]
    public void A_log_sink_that_throws_keeps_no_lease_from_being_released()
    {
        using var sink = new BlockingSink();
        var lab = new ClusterLab(3, logger: sink);
        sink.Throws = true;

        lab.Refuse(0, times: 5);

        Assert.Equal((EndpointHealth.Ejected, 0), (lab[0].Health, lab[0].InFlight));
    }

    private sealed class GatedStrategy : ILoadBalancingStrategy, IDisposable
    {
        private readonly RoundRobinStrategy _strategy = new();
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _gate = new();

        public string Name => "Gated";

        internal bool IsGated { get; set; }

        internal Task Entered => _entered.Task.WaitAsync(Soon);

        public EndpointPicker CreatePicker(EndpointSet endpoints)
        {
            if (IsGated)
            {
                _entered.TrySetResult();
                Assert.True(_gate.Wait(Soon), "The gate stayed shut.");
            }

            return _strategy.CreatePicker(endpoints);
        }

        public void Dispose() => _gate.Dispose();

        internal void Open() => _gate.Set();
    }

    private sealed class BlockingSink : ILogger, IDisposable
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _gate = new();

        internal bool IsBlocking { get; set; }

        internal bool Throws { get; set; }

        internal List<int> EventIds { get; } = [];

        internal Task Entered => _entered.Task.WaitAsync(Soon);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (Throws)
            {
                throw new InvalidOperationException("The disk is full.");
            }

            EventIds.Add(eventId.Id);
            if (IsBlocking)
            {
                _entered.TrySetResult();
                Assert.True(_gate.Wait(Soon), "The gate stayed shut.");
            }
        }

        public void Dispose() => _gate.Dispose();

        internal void Open() => _gate.Set();
    }
}
