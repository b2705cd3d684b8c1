using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests;

public sealed class LoadBalancingMetricsTests
{
    [Theory]
    [InlineData(HttpStatusCode.OK, "success")]
    [InlineData(HttpStatusCode.NotFound, "success")]
    [InlineData(HttpStatusCode.InternalServerError, "success")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "failure")]
    public async Task A_request_is_counted_by_how_it_ended(HttpStatusCode status, string outcome)
    {
        await using var lab = new TelemetryLab();
        using var requests = lab.Collect<long>("clientsidelb.requests");
        lab.AnswerWith(status);

        await lab.GetAsync();

        AssertOne(requests, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(0)), ("clientsidelb.outcome", outcome)));
    }

    [Fact]
    public async Task A_request_that_throws_is_counted_as_a_failure()
    {
        await using var lab = new TelemetryLab();
        using var requests = lab.Collect<long>("clientsidelb.requests");
        lab.Answer = static (_, _) => throw new HttpRequestException(HttpRequestError.InvalidResponse);

        await Assert.ThrowsAsync<HttpRequestException>(() => lab.GetAsync());

        AssertOne(requests, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(0)), ("clientsidelb.outcome", "failure")));
    }

    [Fact]
    public async Task A_request_that_its_caller_cancels_is_counted_as_cancelled()
    {
        await using var lab = new TelemetryLab();
        using var requests = lab.Collect<long>("clientsidelb.requests");
        using var cancellation = new CancellationTokenSource();
        lab.Answer = (_, token) =>
        {
            cancellation.Cancel();
            return Task.FromCanceled<HttpResponseMessage>(token);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lab.Http.GetAsync("orders/1", cancellation.Token));

        AssertOne(requests, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(0)), ("clientsidelb.outcome", "cancelled")));
    }

    [Fact]
    public async Task A_request_that_found_no_endpoint_is_counted_without_one()
    {
        await using var lab = new TelemetryLab();
        using var requests = lab.Collect<long>("clientsidelb.requests");
        lab.Cluster.TryDrain(Backends.AddressOf(0));

        await Assert.ThrowsAsync<NoEndpointAvailableException>(() => lab.GetAsync());

        AssertOne(requests, 1, Tags(("clientsidelb.outcome", "no_endpoint")));
    }

    [Fact]
    public async Task A_request_that_moved_is_one_request_and_each_attempt_has_its_duration()
    {
        await using var lab = new TelemetryLab(2);
        using var requests = lab.Collect<long>("clientsidelb.requests");
        using var attempts = lab.Collect<double>("clientsidelb.attempt.duration");
        lab.AnswerAt(0, () =>
        {
            lab.Time.Advance(TimeSpan.FromMilliseconds(250));
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        });

        await lab.GetAsync();

        AssertOne(requests, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(1)), ("clientsidelb.outcome", "success")));
        Assert.Collection(
            attempts.GetMeasurementSnapshot(),
            first =>
            {
                Assert.Equal(0.25, first.Value, precision: 6);
                AssertTags(Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(0)), ("clientsidelb.outcome", "failure"), ("error.type", "503")), first.Tags);
            },
            second =>
            {
                Assert.Equal(0, second.Value);
                AssertTags(Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(1)), ("clientsidelb.outcome", "success")), second.Tags);
            });
    }

    [Fact]
    public async Task A_synchronous_request_that_moved_is_counted_like_any_other()
    {
        await using var lab = new TelemetryLab(2);
        using var requests = lab.Collect<long>("clientsidelb.requests");
        using var failovers = lab.Collect<long>("clientsidelb.failovers");
        lab.Answer = (request, _) => Task.FromResult(new HttpResponseMessage(
            request.RequestUri!.Host == Backends.AddressOf(0).Host ? HttpStatusCode.BadGateway : HttpStatusCode.OK));

        using var request = new HttpRequestMessage(HttpMethod.Get, "orders/1");
        using var response = lab.Http.Send(request);

        AssertOne(requests, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(1)), ("clientsidelb.outcome", "success")));
        AssertOne(failovers, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(0)), ("clientsidelb.failover.kind", "retry"), ("error.type", "502")));
    }

    [Fact]
    public async Task A_move_is_counted_with_the_endpoint_that_was_left_and_the_error_there()
    {
        await using var lab = new TelemetryLab(2);
        using var failovers = lab.Collect<long>("clientsidelb.failovers");
        lab.AnswerAt(0, static () => throw new HttpRequestException(HttpRequestError.ConnectionError));

        await lab.GetAsync();

        AssertOne(
            failovers,
            1,
            Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(0)), ("clientsidelb.failover.kind", "retry"), ("error.type", "connection_error")));
    }

    [Fact]
    public async Task A_rejected_request_is_counted_as_a_move_and_one_that_finds_no_room_as_rejected_without_an_endpoint()
    {
        await using var lab = new TelemetryLab(2, static options => options.Failover.MoveRejected = true);
        using var requests = lab.Collect<long>("clientsidelb.requests");
        using var failovers = lab.Collect<long>("clientsidelb.failovers");
        using var ejections = lab.Collect<long>("clientsidelb.ejections");
        lab.Answer = static (_, _) =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
            response.Headers.Add("Retry-After", "10");
            return Task.FromResult(response);
        };

        await lab.GetAsync(2);

        AssertOne(failovers, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(0)), ("clientsidelb.failover.kind", "retry"), ("error.type", "429")));
        var ended = requests.GetMeasurementSnapshot();
        Assert.Equal([TelemetryLab.NameOf(1), null], ended.Select(static request => request.Tags.GetValueOrDefault("clientsidelb.endpoint")));
        Assert.All(ended, static request => Assert.Equal("rejected", request.Tags["clientsidelb.outcome"]));
        Assert.All(ejections.GetMeasurementSnapshot(), static ejection => Assert.Equal("rejected", ejection.Tags["clientsidelb.ejection.reason"]));
    }

    [Fact]
    public async Task A_hedge_is_counted_as_a_move_without_an_error_and_its_loser_as_cancelled()
    {
        await using var lab = new TelemetryLab(2, static options => options.Failover.HedgingDelay = TimeSpan.FromSeconds(1));
        using var failovers = lab.Collect<long>("clientsidelb.failovers");
        using var requests = lab.Collect<long>("clientsidelb.requests");
        using var attempts = lab.Collect<double>("clientsidelb.attempt.duration");
        lab.Answer = async (request, token) =>
        {
            if (request.RequestUri!.Host == Backends.AddressOf(0).Host)
            {
                await Task.Delay(Timeout.Infinite, token);
            }

            return new HttpResponseMessage(HttpStatusCode.OK);
        };

        var sending = lab.GetAsync();
        await Eventually.TrueAsTimePasses(lab.Time, TimeSpan.FromSeconds(1), () => sending.IsCompleted, "the hedge has answered");
        await sending;
        await Eventually.True(() => attempts.GetMeasurementSnapshot().Count == 2, "the loser has ended");

        AssertOne(failovers, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(0)), ("clientsidelb.failover.kind", "hedge")));
        AssertOne(requests, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(1)), ("clientsidelb.outcome", "success")));
        Assert.Equal(
            ["cancelled", "success"],
            attempts.GetMeasurementSnapshot().Select(static attempt => (string)attempt.Tags["clientsidelb.outcome"]!).Order());
    }

    [Fact]
    public async Task A_hedged_request_that_its_caller_cancels_is_counted_once_as_cancelled()
    {
        await using var lab = new TelemetryLab(2, static options => options.Failover.HedgingDelay = TimeSpan.FromSeconds(1));
        using var requests = lab.Collect<long>("clientsidelb.requests");
        using var cancellation = new CancellationTokenSource();
        lab.Answer = async (_, token) =>
        {
            await cancellation.CancelAsync();
            token.ThrowIfCancellationRequested();
            throw new InvalidOperationException("It is cancelled.");
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lab.Http.GetAsync("orders/1", cancellation.Token));

        AssertOne(requests, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(0)), ("clientsidelb.outcome", "cancelled")));
    }

    [Fact]
    public async Task A_hedged_request_that_is_cancelled_between_two_attempts_is_counted_once_as_cancelled()
    {
        await using var lab = new TelemetryLab(2, static options => options.Failover.HedgingDelay = TimeSpan.FromSeconds(1));
        using var requests = lab.Collect<long>("clientsidelb.requests");
        using var cancellation = new CancellationTokenSource();
        lab.Answer = (_, _) =>
        {
            cancellation.Cancel();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lab.Http.GetAsync("orders/1", cancellation.Token));

        AssertOne(requests, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(0)), ("clientsidelb.outcome", "cancelled")));
    }

    [Fact]
    public async Task A_hedged_request_that_is_cancelled_before_its_first_attempt_is_counted_once_as_cancelled()
    {
        await using var lab = new TelemetryLab(2, static options => options.Failover.HedgingDelay = TimeSpan.FromSeconds(1));
        using var requests = lab.Collect<long>("clientsidelb.requests");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lab.Http.GetAsync("orders/1", new CancellationToken(canceled: true)));

        AssertOne(requests, 1, Tags(("clientsidelb.outcome", "cancelled")));
    }

    [Fact]
    public async Task A_hedged_request_whose_attempts_all_throw_is_counted_once_as_a_failure()
    {
        await using var lab = new TelemetryLab(2, static options => options.Failover.HedgingDelay = TimeSpan.FromSeconds(1));
        using var requests = lab.Collect<long>("clientsidelb.requests");
        var sent = 0;
        lab.Answer = (_, _) =>
        {
            sent++;
            throw new HttpRequestException(HttpRequestError.InvalidResponse);
        };

        await Assert.ThrowsAsync<HttpRequestException>(() => lab.GetAsync());

        Assert.Equal(2, sent);
        Assert.Equal("failure", Assert.Single(requests.GetMeasurementSnapshot()).Tags["clientsidelb.outcome"]);
    }

    [Fact]
    public async Task A_hedged_request_that_finds_no_endpoint_is_counted_once_without_one()
    {
        await using var lab = new TelemetryLab(2, static options => options.Failover.HedgingDelay = TimeSpan.FromSeconds(1));
        using var requests = lab.Collect<long>("clientsidelb.requests");
        lab.Cluster.TryDrain(Backends.AddressOf(0));
        lab.Cluster.TryDrain(Backends.AddressOf(1));

        await Assert.ThrowsAsync<NoEndpointAvailableException>(() => lab.GetAsync());

        AssertOne(requests, 1, Tags(("clientsidelb.outcome", "no_endpoint")));
    }

    [Theory]
    [InlineData("hedged")]
    [InlineData("not hedged")]
    [InlineData("synchronous")]
    public async Task A_request_whose_key_the_application_fails_to_give_is_counted_once_as_a_failure(string kind)
    {
        await using var lab = new TelemetryLab(2, options => FailToGiveKey(options, kind, from: 1));
        using var requests = lab.Collect<long>("clientsidelb.requests");

        await Assert.ThrowsAsync<NotSupportedException>(() => SendAsync(lab, kind));

        AssertOne(requests, 1, Tags(("clientsidelb.outcome", "failure")));
    }

    [Theory]
    [InlineData("hedged")]
    [InlineData("not hedged")]
    [InlineData("synchronous")]
    public async Task A_request_whose_key_the_application_fails_to_give_again_when_it_moves_is_counted_once_as_a_failure(string kind)
    {
        await using var lab = new TelemetryLab(2, options => FailToGiveKey(options, kind, from: 2));
        using var requests = lab.Collect<long>("clientsidelb.requests");
        string? left = null;
        lab.Answer = (request, _) =>
        {
            left = request.RequestUri!.GetLeftPart(UriPartial.Authority);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        };

        await Assert.ThrowsAsync<NotSupportedException>(() => SendAsync(lab, kind));

        AssertOne(requests, 1, Tags(("clientsidelb.endpoint", left!), ("clientsidelb.outcome", "failure")));
    }

    [Fact]
    public async Task An_endpoint_at_which_attempts_failed_shows_how_much_busier_it_looks()
    {
        await using var lab = new TelemetryLab(2);
        lab.AnswerAt(0, static () => new HttpResponseMessage(HttpStatusCode.InternalServerError));
        for (var i = 0; i < 8; i++)
        {
            using var response = await lab.Http.GetAsync("orders/1");
        }

        using var collector = lab.Collect<double>("clientsidelb.endpoint.penalty");
        collector.RecordObservableInstruments();
        var penalties = collector.GetMeasurementSnapshot().ToDictionary(static measurement => (string)measurement.Tags["clientsidelb.endpoint"]!, static measurement => measurement.Value);

        Assert.True(penalties[TelemetryLab.NameOf(0)] > 10);
        Assert.Equal(1, penalties[TelemetryLab.NameOf(1)]);
    }

    [Fact]
    public async Task An_endpoint_shows_the_latency_estimate_that_the_strategy_compares()
    {
        await using var lab = new TelemetryLab(2, static options => options.Strategy = LoadBalancingStrategies.PeakEwma);
        lab.Answer = (request, _) =>
        {
            lab.Time.Advance(TimeSpan.FromMilliseconds(request.RequestUri!.Host == Backends.AddressOf(0).Host ? 250 : 100));
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
        };
        await lab.GetAsync(times: 8);

        var estimates = ObserveLatencyEstimates(lab);

        // In seconds. Each of them was asked, because the default is lower. Both have decayed a little since.
        Assert.InRange(estimates[TelemetryLab.NameOf(0)], 0.2, 0.251);
        Assert.InRange(estimates[TelemetryLab.NameOf(1)], 0.09, 0.101);
    }

    [Fact]
    public async Task A_strategy_that_compares_no_latencies_has_no_latency_estimate_in_the_metrics()
    {
        await using var lab = new TelemetryLab(2, static options => options.Strategy = LoadBalancingStrategies.LeastConnections);
        await lab.GetAsync(times: 8);

        Assert.Empty(ObserveLatencyEstimates(lab));
    }

    [Fact]
    public async Task A_request_is_in_flight_until_its_body_has_been_read()
    {
        await using var lab = new TelemetryLab(2);
        lab.Answer = static (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StringContent("body") });

        using var response = await lab.Http.GetAsync("orders/1", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(Per(1, 0), lab.Observe("clientsidelb.endpoint.in_flight", "clientsidelb.endpoint"));

        await response.Content.ReadAsStringAsync();
        Assert.Equal(Per(0, 0), lab.Observe("clientsidelb.endpoint.in_flight", "clientsidelb.endpoint"));
    }

    [Fact]
    public async Task The_endpoint_s_health_is_one_and_all_other_healths_are_zero()
    {
        await using var lab = new TelemetryLab();
        Assert.Equal("unknown", HealthOf(lab));

        await lab.GetAsync();
        Assert.Equal("healthy", HealthOf(lab));

        lab.Cluster.TryDrain(Backends.AddressOf(0));
        Assert.Equal("draining", HealthOf(lab));
    }

    [Fact]
    public async Task An_ejection_is_counted_with_its_reason_and_the_endpoint_is_not_available()
    {
        await using var lab = new TelemetryLab(3, static options => options.Failover.Enabled = false);
        using var ejections = lab.Collect<long>("clientsidelb.ejections");
        lab.AnswerAt(1, static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(Per(1, 1, 1), lab.Observe("clientsidelb.endpoint.available", "clientsidelb.endpoint"));

        await lab.GetAsync(15);

        AssertOne(
            ejections, 1, Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(1)), ("clientsidelb.ejection.reason", "consecutive_failures")));
        Assert.Equal(Per(1, 0, 1), lab.Observe("clientsidelb.endpoint.available", "clientsidelb.endpoint"));
    }

    [Theory]
    [InlineData(nameof(EjectionReason.ConsecutiveFailures), "consecutive_failures")]
    [InlineData(nameof(EjectionReason.BrokenBodies), "broken_bodies")]
    [InlineData(nameof(EjectionReason.FailureRate), "failure_rate")]
    [InlineData(nameof(EjectionReason.Unanswered), "unanswered")]
    [InlineData(nameof(EjectionReason.TrialFailed), "trial_failed")]
    [InlineData(nameof(EjectionReason.RetryAfter), "retry_after")]
    public void An_ejection_is_counted_by_its_reason(string reason, string name)
    {
        using var meter = new Meter($"ClientSideLb.Ejections.{reason}");
        var metrics = new LoadBalancingMetrics(meter, static () => []);
        using var ejections = new MetricCollector<long>(meterScope: null, meter.Name, "clientsidelb.ejections");

        metrics.RecordEjection(TestCluster.Create(), Backends.At("http://10.0.0.1"), Enum.Parse<EjectionReason>(reason));

        Assert.Equal(name, Assert.Single(ejections.GetMeasurementSnapshot()).Tags["clientsidelb.ejection.reason"]);
    }

    [Fact]
    public async Task The_panic_instrument_shows_panic()
    {
        await using var lab = new TelemetryLab(2, static options =>
        {
            options.Failover.Enabled = false;
            options.PanicThreshold = 0.9;
        });
        Assert.Equal([0], lab.Observe("clientsidelb.cluster.panic", "clientsidelb.service").Values);
        lab.AnswerAt(1, static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));

        await lab.GetAsync(10);

        Assert.True(lab.Cluster.InPanic);
        Assert.Equal([1], lab.Observe("clientsidelb.cluster.panic", "clientsidelb.service").Values);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "success", null)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "failure", "503")]
    public async Task A_probe_is_timed(HttpStatusCode status, string outcome, string? errorType)
    {
        await using var lab = new TelemetryLab(1, static options => options.ActiveHealthCheck.Enabled = true);
        using var probes = lab.Collect<double>("clientsidelb.probe.duration");
        lab.Answer = (_, _) =>
        {
            lab.Time.Advance(TimeSpan.FromMilliseconds(30));
            return Task.FromResult(new HttpResponseMessage(status));
        };

        await Eventually.TrueAsTimePasses(lab.Time, TimeSpan.FromMilliseconds(100), () => probes.GetMeasurementSnapshot().Count > 0, "a probe has been made");

        var probe = probes.GetMeasurementSnapshot()[0];
        Assert.InRange(probe.Value, 0.03, 2);
        var expected = Tags(("clientsidelb.endpoint", TelemetryLab.NameOf(0)), ("clientsidelb.outcome", outcome));
        if (errorType is not null)
        {
            expected["error.type"] = errorType;
        }

        AssertTags(expected, probe.Tags);
    }

    [Fact]
    public async Task A_rebuild_is_timed_once_for_each_change()
    {
        await using var lab = new TelemetryLab(2);
        using var builds = lab.Collect<double>("clientsidelb.snapshot.build.duration");

        lab.Cluster.TryDrain(Backends.AddressOf(0));
        await lab.GetAsync(3);
        lab.Cluster.TryResume(Backends.AddressOf(0));

        Assert.Equal(2, builds.GetMeasurementSnapshot().Count);
        Assert.All(builds.GetMeasurementSnapshot(), static build => AssertTags(Tags(), build.Tags));
    }

    [Fact]
    public async Task Containers_in_one_process_have_instruments_of_their_own()
    {
        await using var lab = new TelemetryLab();
        await using var other = new TelemetryLab(client: "other");
        using var requests = lab.Collect<long>("clientsidelb.requests");

        await other.GetAsync();
        Assert.Empty(requests.GetMeasurementSnapshot());
        await lab.GetAsync();

        Assert.Single(requests.GetMeasurementSnapshot());
        Assert.Equal([TelemetryLab.NameOf(0)], lab.Observe("clientsidelb.endpoint.in_flight", "clientsidelb.endpoint").Keys);
    }

    [Fact]
    public async Task Clusters_that_differ_only_in_their_scheme_are_added_up()
    {
        var discovery = new StubDiscovery("api");
        discovery.Find("http://10.0.0.1:8080");
        await using var lab = new TelemetryLab(0, register: services => services.AddSingleton<IServiceEndpointProviderFactory>(discovery));
        lab.Answer = static (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StringContent("body") });

        using var one = await lab.Http.GetAsync("http://api/", HttpCompletionOption.ResponseHeadersRead);
        using var other = await lab.Http.GetAsync("https+http://api/", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(2, lab.Services.GetRequiredService<IClusterRegistry>().Clusters.Count);
        Assert.Equal([2], lab.Observe("clientsidelb.endpoint.in_flight", "clientsidelb.endpoint").Values);
    }

    [Fact]
    public async Task Instruments_report_nothing_after_the_container_is_disposed_of()
    {
        var lab = new TelemetryLab();
        using var inFlight = lab.Collect<int>("clientsidelb.endpoint.in_flight");
        inFlight.RecordObservableInstruments();
        Assert.Single(inFlight.GetMeasurementSnapshot(clear: true));

        await lab.DisposeAsync();
        inFlight.RecordObservableInstruments();

        Assert.Empty(inFlight.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task A_request_that_passes_through_is_not_counted()
    {
        await using var lab = new TelemetryLab(0);
        using var requests = lab.Collect<long>("clientsidelb.requests");
        using var attempts = lab.Collect<double>("clientsidelb.attempt.duration");

        await lab.GetAsync();

        Assert.Empty(requests.GetMeasurementSnapshot());
        Assert.Empty(attempts.GetMeasurementSnapshot());
    }

    [Fact]
    public void Instruments_ask_for_nothing_while_nobody_listens()
    {
        var asked = 0;
        using var meter = new Meter("ClientSideLb.Silent");
        var metrics = new LoadBalancingMetrics(meter, () =>
        {
            asked++;
            return [];
        });
        Assert.All(Wanted(), Assert.False);
        Assert.Equal(0, asked);

        using var listener = ListenTo(meter);
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.All(Wanted(), Assert.True);
        Assert.Equal(10, asked);

        bool[] Wanted() => [metrics.IsCountingRequests, metrics.IsTimingAttempts, metrics.IsCountingFailovers, metrics.IsTimingProbes];
    }

    [Fact]
    public void Recording_allocates_nothing_even_if_somebody_listens()
    {
        using var meter = new Meter("ClientSideLb.Allocations");
        var metrics = new LoadBalancingMetrics(meter, static () => []);
        var (longs, doubles, attributes) = (0L, 0.0, 0);
        using var listener = ListenTo(meter);
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            longs += value;
            attributes = tags.Length;
        });
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => doubles += value);
        listener.Start();
        var cluster = TestCluster.Create();
        cluster.Update([Backends.Described("http://10.0.0.1") with { Zone = "a", Priority = 1 }, Backends.Described("http://10.0.0.2")]);
        var endpoint = cluster.Endpoints[0];
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        var failed = new AttemptResult { Endpoint = endpoint, Request = null!, Response = response, Verdict = AttemptVerdict.Failure };
        Record();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            Record();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2002, longs);
        Assert.Equal(7, attributes);
        Assert.True(doubles > 0);

        void Record()
        {
            metrics.RecordRequest(cluster, endpoint, TelemetryNames.Success);
            metrics.RecordAttempt(cluster, endpoint, TimeSpan.FromTicks(1), TelemetryNames.Failure, ErrorType.Of(in failed));
            metrics.RecordFailover(cluster, endpoint, TelemetryNames.Retry, ErrorType.Of(in failed));
        }
    }

    private static Dictionary<string, double> ObserveLatencyEstimates(TelemetryLab lab)
    {
        using var collector = lab.Collect<double>("clientsidelb.endpoint.latency_estimate");
        collector.RecordObservableInstruments();
        return collector.GetMeasurementSnapshot().ToDictionary(
            static measurement => (string)measurement.Tags["clientsidelb.endpoint"]!, static measurement => measurement.Value);
    }

    private static MeterListener ListenTo(Meter meter) => new()
    {
        InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        },
    };

    private static void FailToGiveKey(LoadBalancingOptions options, string kind, int from)
    {
        var asked = 0;
        options.Strategy = LoadBalancingStrategies.ConsistentHash;
        options.HashKeySelector = _ => ++asked < from ? "key" : throw new NotSupportedException();
        options.Failover.HedgingDelay = kind == "hedged" ? TimeSpan.FromSeconds(1) : null;
    }

    private static async Task SendAsync(TelemetryLab lab, string kind)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "orders/1");
        using var response = kind == "synchronous" ? lab.Http.Send(request) : await lab.Http.SendAsync(request);
    }

    private static string HealthOf(TelemetryLab lab)
    {
        var healths = lab.Observe("clientsidelb.endpoint.health", "clientsidelb.health");
        Assert.Equal(["draining", "ejected", "healthy", "unhealthy", "unknown"], healths.Keys.Order());
        Assert.Equal(1, healths.Values.Sum());
        return healths.Single(static health => health.Value == 1).Key;
    }

    private static Dictionary<string, int> Per(params int[] values) =>
        values.Select(static (value, index) => (index, value)).ToDictionary(static pair => TelemetryLab.NameOf(pair.index), static pair => pair.value);

    private static Dictionary<string, object?> Tags(params (string Key, string Value)[] tags)
    {
        Dictionary<string, object?> all = new() { ["clientsidelb.client"] = "orders", ["clientsidelb.service"] = "api" };
        foreach (var (key, value) in tags)
        {
            all[key] = value;
        }

        return all;
    }

    private static void AssertOne(MetricCollector<long> collector, long value, Dictionary<string, object?> tags)
    {
        var measurement = Assert.Single(collector.GetMeasurementSnapshot());
        Assert.Equal(value, measurement.Value);
        AssertTags(tags, measurement.Tags);
    }

    private static void AssertTags(Dictionary<string, object?> expected, IReadOnlyDictionary<string, object?> actual) =>
        Assert.Equal(expected.OrderBy(static tag => tag.Key), actual.OrderBy(static tag => tag.Key));
}
