using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;

namespace ClientSideLb.Tests;

public sealed class EndpointFeedTests : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(100);

    private readonly ObservedTime _time = new();
    private readonly FakeLogger _logger = new();
    private readonly ScriptedSource _source = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Meter _meter = new("ClientSideLb.EndpointFeed");
    private readonly RecoveringStrategy _strategy = new();
    private readonly Cluster _cluster;
    private readonly EndpointFeed _feed;
    private Task _running = Task.CompletedTask;

    public EndpointFeedTests()
    {
        _cluster = new Cluster("client", "api", TestCluster.Settings(_strategy), _time, new SeededRandom(1), [TestCluster.TelemetryTo(_logger)]);
        _feed = new EndpointFeed(_cluster, _source, _time, new SeededRandom(2), new ClientTelemetry(new LoadBalancingMetrics(_meter, static () => []), _logger));
    }

    private IEnumerable<string> Hosts => _cluster.Endpoints.Select(static endpoint => endpoint.Address.Host);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
        _source.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task The_first_answer_fills_the_cluster()
    {
        await StartAsync("http://10.0.0.1", "http://10.0.0.2");

        Assert.Equal(["10.0.0.1", "10.0.0.2"], Hosts);
        Assert.Null(_feed.Failure);
        Assert.False(_feed.IsPassThrough);
        Assert.Equal(1, _source.Asked);
    }

    [Fact]
    public async Task The_feed_asks_the_source_again_after_a_while()
    {
        await StartAsync("http://10.0.0.1");
        _source.Find("http://10.0.0.2");

        Assert.Equal(Poll, await _time.PassNextPauseAsync());

        Assert.Equal(Poll, await _time.NextPauseAsync());
        Assert.Equal(["10.0.0.2"], Hosts);
        Assert.Equal(2, _source.Asked);
    }

    [Fact]
    public async Task A_burst_of_changes_makes_the_feed_ask_the_source_once()
    {
        await StartAsync("http://10.0.0.1");
        Assert.Equal(Poll, await _time.NextPauseAsync());

        _source.Change();
        Assert.Equal(Coalescing, await _time.NextPauseAsync());
        for (var i = 2; i < 10; i++)
        {
            _source.Find($"http://10.0.0.{i}");
            _source.Change();
        }

        Assert.Equal(1, _source.Asked);
        _time.Advance(Coalescing);

        Assert.Equal(Poll, await _time.NextPauseAsync());
        Assert.Equal(["10.0.0.9"], Hosts);
        Assert.Equal(2, _source.Asked);
    }

    [Fact]
    public async Task A_failure_keeps_the_known_endpoints_until_the_next_answer()
    {
        await StartAsync("http://10.0.0.1");
        var fault = new IOException("DNS is away.");
        _source.Fail(fault);
        await _time.PassNextPauseAsync();

        Assert.NotEqual(Poll, await _time.NextPauseAsync());
        Assert.Same(fault, _feed.Failure);
        Assert.Equal(["10.0.0.1"], Hosts);
        Assert.NotNull(_cluster.Acquire());
        Assert.Single(Logged("service discovery failed"));

        _source.Find("http://10.0.0.2");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Poll, await _time.NextPauseAsync());
        Assert.Null(_feed.Failure);
        Assert.Equal(["10.0.0.2"], Hosts.Take(1));
        Assert.Single(Logged("answers again"));
    }

    [Fact]
    public async Task An_empty_answer_keeps_the_known_endpoints_and_is_logged_once()
    {
        await StartAsync("http://10.0.0.1");
        _source.Find();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Poll, await _time.PassNextPauseAsync());
        }

        Assert.Equal(Poll, await _time.NextPauseAsync());
        Assert.Equal(["10.0.0.1"], Hosts);
        Assert.Equal(4, _source.Asked);
        Assert.Single(Logged("found no endpoint"));
    }

    [Fact]
    public async Task Queries_are_counted_by_how_they_ended()
    {
        using var queries = new MetricCollector<long>(_meter, "clientsidelb.discovery.queries");
        await StartAsync("http://10.0.0.1");

        _source.Find();
        await _time.PassNextPauseAsync();
        await _time.NextPauseAsync();
        _source.Fail(new TimeoutException());
        _time.Advance(Poll);
        await _time.NextPauseAsync();

        var counted = queries.GetMeasurementSnapshot();
        Assert.Equal(["success ", "empty ", "failure timeout"], counted.Select(static one => $"{one.Tags["clientsidelb.outcome"]} {one.Tags.GetValueOrDefault("error.type")}"));
        Assert.All(counted, static one => Assert.Equal((1, "client", "api"), (one.Value, one.Tags["clientsidelb.client"], one.Tags["clientsidelb.service"])));
    }

    [Fact]
    public async Task Queries_for_names_that_are_no_services_are_not_counted_because_such_names_may_be_many()
    {
        using var queries = new MetricCollector<long>(_meter, "clientsidelb.discovery.queries");
        _source.PassThrough();

        await StartAsync();
        await _time.PassNextPauseAsync();
        await _time.NextPauseAsync();

        Assert.Equal(2, _source.Asked);
        Assert.Empty(queries.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Requests_do_not_wait_for_ever_for_a_source_that_is_broken_from_the_start()
    {
        _source.Fail(new IOException("DNS is away."));
        await StartAsync();
        Assert.IsType<IOException>(_feed.Failure);
        Assert.False(_feed.IsPassThrough);
        Assert.Empty(_cluster.Endpoints);

        _source.Find("http://10.0.0.1");
        await _time.PassNextPauseAsync();

        Assert.Equal(Poll, await _time.NextPauseAsync());
        Assert.Null(_feed.Failure);
        Assert.Equal(["10.0.0.1"], Hosts);
    }

    [Fact]
    public async Task The_pauses_grow_up_to_a_minute_while_the_source_fails()
    {
        _source.Fail(new IOException("DNS is away."));
        await StartAsync();
        var pauses = new List<TimeSpan>();

        for (var i = 0; i < 14; i++)
        {
            _feed.MarkUsed();
            pauses.Add(await _time.PassNextPauseAsync());
        }

        Assert.InRange(pauses[0], TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(4));
        Assert.True(pauses.Take(4).Sum(static pause => pause.TotalSeconds) < pauses.Skip(4).Take(4).Sum(static pause => pause.TotalSeconds));
        Assert.All(pauses, static pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.Equal(TimeSpan.FromMinutes(1), pauses[^1]);
    }

    [Fact]
    public async Task A_source_that_cancels_itself_has_failed()
    {
        _source.Fail(new OperationCanceledException());
        await StartAsync();
        Assert.IsType<TimeoutException>(_feed.Failure);

        _source.Find("http://10.0.0.1");
        await _time.PassNextPauseAsync();
        await _time.NextPauseAsync();

        Assert.Equal(["10.0.0.1"], Hosts);
    }

    [Fact]
    public async Task A_strategy_that_fails_with_new_endpoints_neither_hangs_requests_nor_ends_the_feed()
    {
        _strategy.IsBroken = true;
        await StartAsync("http://10.0.0.1");
        Assert.IsType<NotSupportedException>(_feed.Failure);

        _strategy.IsBroken = false;
        await _time.PassNextPauseAsync();

        Assert.Equal(Poll, await _time.NextPauseAsync());
        Assert.Null(_feed.Failure);
        Assert.NotNull(_cluster.Acquire());
    }

    [Fact]
    public async Task The_feed_of_a_name_that_is_no_service_ends_after_a_minute_without_use()
    {
        _source.PassThrough();
        await StartAsync();
        Assert.True(_feed.IsPassThrough);
        var passed = TimeSpan.Zero;

        while (!_running.IsCompleted && passed < TimeSpan.FromMinutes(3))
        {
            passed += await _time.NextPauseAsync();
            if (passed == 4 * Poll)
            {
                _feed.MarkUsed();
            }

            var asked = _source.Asked;
            _time.Advance(Poll);
            await Eventually.True(() => _running.IsCompleted || _source.Asked > asked, "the feed goes on or ends");
        }

        // The name was used again after four rounds. A minute later its feed ends.
        Assert.InRange(passed, 4 * Poll + TimeSpan.FromMinutes(1), 4 * Poll + TimeSpan.FromMinutes(1) + Poll);
    }

    [Fact]
    public async Task A_service_is_forgotten_when_it_has_not_been_used_for_two_minutes()
    {
        _source.Find("http://10.0.0.1");
        await StartAsync();

        Assert.InRange(await PassUntilEndedAsync(), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2) + Poll);
        Assert.True(_feed.HasEnded);
    }

    [Fact]
    public async Task A_name_for_which_discovery_fails_is_forgotten_when_it_has_not_been_used_for_two_minutes()
    {
        _source.Fail(new IOException("DNS is away."));
        await StartAsync();

        Assert.InRange(await PassUntilEndedAsync(), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
        Assert.IsType<IOException>(_feed.Failure);
    }

    [Fact]
    public async Task A_service_without_endpoints_is_forgotten_when_it_has_not_been_used_for_a_minute()
    {
        _source.Find();
        await StartAsync();

        Assert.InRange(await PassUntilEndedAsync(), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1) + Poll);
    }

    [Fact]
    public async Task A_service_in_use_is_not_forgotten()
    {
        await StartAsync("http://10.0.0.1");

        for (var i = 0; i < 40; i++)
        {
            _feed.MarkUsed();
            Assert.Equal(Poll, await _time.PassNextPauseAsync());
        }

        Assert.Equal(Poll, await _time.NextPauseAsync());
        Assert.Equal(41, _source.Asked);
    }

    [Fact]
    public async Task A_service_with_a_request_in_flight_is_not_forgotten_before_the_request_ends()
    {
        _source.Find("http://10.0.0.1");
        await StartAsync();
        var lease = _cluster.Acquire();

        await PassPollsAsync(40);
        Assert.False(_feed.HasEnded);

        lease!.Release();
        await PassUntilEndedAsync();
    }

    [Fact]
    public async Task A_service_with_an_endpoint_that_is_drained_by_hand_is_not_forgotten_before_it_is_resumed()
    {
        _source.Find("http://10.0.0.1", "http://10.0.0.2");
        await StartAsync();
        _cluster.TryDrain(new Uri("http://10.0.0.1"));

        await PassPollsAsync(40);
        Assert.False(_feed.HasEnded);

        _cluster.TryResume(new Uri("http://10.0.0.1"));
        await PassUntilEndedAsync();
    }

    [Fact]
    public async Task A_source_that_does_not_answer_has_failed_after_30_seconds_and_requests_go_on()
    {
        var ready = new TaskCompletionSource();
        _source.Ready = ready.Task;
        _source.Find("http://10.0.0.1");
        _running = _feed.RunAsync(_end.Token);

        Assert.Equal(TimeSpan.FromSeconds(30), await _time.PassNextPauseAsync());
        await _feed.FirstQuery.WaitAsync(Eventually.Deadline);
        Assert.IsType<TimeoutException>(_feed.Failure);
        Assert.Single(Logged("service discovery failed"));

        // The first query still runs, so another one would wait behind it.
        await _time.PassNextPauseAsync();
        Assert.Equal(TimeSpan.FromSeconds(30), await _time.NextPauseAsync());
        Assert.Equal(1, _source.Asked);

        ready.SetResult();
        Assert.Equal(Poll, await _time.NextPauseAsync());
        Assert.Null(_feed.Failure);
        Assert.Equal(["10.0.0.1"], Hosts);
    }

    [Fact]
    public async Task A_refresh_that_does_not_answer_has_failed_and_the_known_endpoints_stay_in_use()
    {
        _source.Find("http://10.0.0.1");
        await StartAsync();
        _source.Ready = new TaskCompletionSource().Task;
        Assert.Equal(Poll, await _time.PassNextPauseAsync());

        Assert.Equal(TimeSpan.FromSeconds(30), await _time.PassNextPauseAsync());
        await Eventually.True(() => _feed.Failure is TimeoutException, "the refresh has failed");

        Assert.Single(Logged("service discovery failed"));
        Assert.NotNull(_cluster.Acquire());
    }

    [Fact]
    public async Task A_source_that_throws_something_else_when_it_is_cancelled_ends_the_feed_without_a_fault()
    {
        var ready = new TaskCompletionSource();
        _source.Ready = ready.Task;
        _source.Fail(new ObjectDisposedException("registry"));
        _running = _feed.RunAsync(_end.Token);
        await Eventually.True(() => _source.Asked == 1, "the source is asked");

        ready.SetResult();
        await _end.CancelAsync();

        await _running.WaitAsync(Eventually.Deadline);
        Assert.True(_feed.HasEnded);
    }

    [Fact]
    public async Task A_name_becomes_a_service_when_endpoints_appear()
    {
        _source.PassThrough();
        await StartAsync();
        _source.Find("http://10.0.0.1");

        await _time.PassNextPauseAsync();
        await _time.NextPauseAsync();

        Assert.False(_feed.IsPassThrough);
        Assert.Equal(["10.0.0.1"], Hosts);
    }

    [Fact]
    public async Task Requests_to_a_name_pass_through_until_the_endpoints_that_appear_are_in_use()
    {
        var seen = new List<(bool IsPassThrough, int Endpoints)>();
        _source.PassThrough();
        await StartAsync();
        _source.Find(() => seen.Add((_feed.IsPassThrough, _cluster.Endpoints.Count)), "http://10.0.0.1");

        await _time.PassNextPauseAsync();
        await _time.NextPauseAsync();

        Assert.Equal((true, 0), Assert.Single(seen));
        Assert.False(_feed.IsPassThrough);
    }

    [Fact]
    public async Task A_name_becomes_a_service_without_endpoints_only_when_a_second_answer_says_so()
    {
        _source.PassThrough();
        await StartAsync();
        _source.Find();

        await _time.PassNextPauseAsync();
        await _time.NextPauseAsync();
        Assert.True(_feed.IsPassThrough);

        _time.Advance(Poll);
        await _time.NextPauseAsync();
        Assert.False(_feed.IsPassThrough);
    }

    [Fact]
    public async Task A_name_becomes_a_service_even_if_the_strategy_fails_with_its_endpoints()
    {
        _source.PassThrough();
        await StartAsync();
        _strategy.IsBroken = true;
        _source.Find("http://10.0.0.1");

        await _time.PassNextPauseAsync();
        await _time.NextPauseAsync();

        Assert.False(_feed.IsPassThrough);
        Assert.Equal(["10.0.0.1"], Hosts);
    }

    [Fact]
    public async Task A_feed_that_ends_before_the_first_answer_releases_the_waiting_requests()
    {
        _source.Ready = new TaskCompletionSource().Task;
        _running = _feed.RunAsync(_end.Token);
        await Eventually.True(() => _source.Asked == 1, "the source is asked");
        Assert.False(_feed.FirstQuery.IsCompleted);

        await _end.CancelAsync();
        await _running;

        await Eventually.Done(_feed.FirstQuery);
        Assert.IsType<ObjectDisposedException>(_feed.Failure);
    }

    [Fact]
    public async Task A_feed_that_has_ended_asks_no_more()
    {
        await StartAsync("http://10.0.0.1");
        await _time.NextPauseAsync();

        await _end.CancelAsync();
        await _running;
        _source.Change();
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, _source.Asked);
    }

    private async Task PassPollsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(Poll, await _time.PassNextPauseAsync());
        }

        await Eventually.True(() => _source.Asked == count + 1, "the source is asked again");
    }

    // Lets one pause after the other pass until the feed has ended, and returns the time that has passed.
    private async Task<TimeSpan> PassUntilEndedAsync()
    {
        var passed = TimeSpan.Zero;
        while (passed < TimeSpan.FromMinutes(10))
        {
            var pause = await _time.NextPauseAsync();
            passed += pause;
            var asked = _source.Asked;
            _time.Advance(pause);
            await Eventually.True(() => _running.IsCompleted || _source.Asked > asked, "the feed goes on or ends");
            if (_running.IsCompleted)
            {
                return passed;
            }
        }

        throw new TimeoutException("The feed has not ended.");
    }

    private Task StartAsync(params string[] found)
    {
        if (found.Length > 0)
        {
            _source.Find(found);
        }

        _running = _feed.RunAsync(_end.Token);
        return Eventually.Done(_feed.FirstQuery);
    }

    private IEnumerable<FakeLogRecord> Logged(string text) =>
        _logger.Collector.GetSnapshot().Where(record => record.Message.Contains(text, StringComparison.Ordinal));

    private sealed class RecoveringStrategy : ILoadBalancingStrategy
    {
        internal volatile bool IsBroken;

        public string Name => "Recovering";

        public EndpointPicker CreatePicker(EndpointSet endpoints) =>
            IsBroken ? throw new NotSupportedException() : new StubStrategy(Name).CreatePicker(endpoints);
    }
}
