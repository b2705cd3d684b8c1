using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests;

/// <summary>A client whose endpoints have a limit, on virtual time, over stubbed backends.</summary>
public sealed class LimitedClientTests
{
    private readonly Queue<TaskCompletionSource<HttpResponseMessage>> _open = new();
    private int _sent;

    [Fact]
    public async Task Without_a_queue_a_request_fails_at_once_and_says_what_to_do()
    {
        await using var lab = Lab(2, queue: 0);
        _ = lab.Http.GetAsync("/");
        _ = lab.Http.GetAsync("/");
        using var saturated = lab.Collect<long>("clientsidelb.saturated");
        using var requests = lab.Collect<long>("clientsidelb.requests");

        var fault = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => lab.Http.GetAsync("/"));

        Assert.Equal((NoEndpointReason.Saturated, "orders", "api"), (fault.Reason, fault.ClientName, fault.ServiceName));
        Assert.Contains($"{TelemetryLab.NameOf(0)} (1 of 1), {TelemetryLab.NameOf(1)} (1 of 1)", fault.Message, StringComparison.Ordinal);
        Assert.Contains("QueueLimit is 0", fault.Message, StringComparison.Ordinal);
        Assert.Contains("raise Concurrency.MaxInFlightPerEndpoint", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, _sent);
        Assert.Equal(1, Assert.Single(saturated.GetMeasurementSnapshot()).Value);
        Assert.Equal("no_endpoint", Assert.Single(requests.GetMeasurementSnapshot()).Tags["clientsidelb.outcome"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_waits_for_room_and_is_then_sent(bool synchronous)
    {
        await using var lab = Lab(1, queue: 10);
        using var waits = lab.Collect<double>("clientsidelb.queue.duration");
        var first = SendAsync(lab, synchronous);
        await Eventually.Equal(1, () => _sent);
        var second = SendAsync(lab, synchronous);
        await Eventually.Equal(1, () => lab.Cluster.QueuedCount);
        Assert.Equal(1, lab.Observe("clientsidelb.cluster.queued", "clientsidelb.service")["api"]);
        Assert.Equal(1, lab.Observe("clientsidelb.endpoint.limit", "clientsidelb.endpoint")[TelemetryLab.NameOf(0)]);
        lab.Time.Advance(TimeSpan.FromSeconds(0.25));

        Answer();
        await Eventually.Done(first);
        await Eventually.Equal(2, () => _sent);
        Answer();

        Assert.Equal(HttpStatusCode.OK, (await Eventually.Done(second)).StatusCode);
        var wait = Assert.Single(waits.GetMeasurementSnapshot());
        Assert.Equal((0.25, "success"), (wait.Value, wait.Tags["clientsidelb.outcome"]));
        Assert.Equal(0, lab[0].InFlight);
    }

    [Fact]
    public async Task A_wait_in_vain_says_how_long_it_was_and_how_many_others_wait()
    {
        await using var lab = Lab(1, queue: 10);
        using var waits = lab.Collect<double>("clientsidelb.queue.duration");
        _ = lab.Http.GetAsync("/");
        var early = lab.Http.GetAsync("/");
        lab.Time.Advance(TimeSpan.FromSeconds(0.5));
        var late = lab.Http.GetAsync("/");

        lab.Time.Advance(TimeSpan.FromSeconds(0.5));
        var fault = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => Eventually.Done(early));

        Assert.Equal(NoEndpointReason.Saturated, fault.Reason);
        Assert.Contains("waited 1 s for room, and Concurrency.QueueTimeout is 1 s. 1 more wait", fault.Message, StringComparison.Ordinal);
        Assert.False(late.IsCompleted);
        Assert.Equal("timeout", Assert.Single(waits.GetMeasurementSnapshot()).Tags["clientsidelb.outcome"]);
        Assert.Equal(1, _sent);
    }

    [Fact]
    public async Task A_full_queue_says_how_many_wait()
    {
        await using var lab = Lab(1, queue: 2);
        var waiting = Enumerable.Range(0, 3).Select(_ => lab.Http.GetAsync("/")).ToArray();

        var fault = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => Eventually.Done(lab.Http.GetAsync("/")));

        Assert.Contains("2 requests wait for room already, and Concurrency.QueueLimit is 2", fault.Message, StringComparison.Ordinal);
        Assert.All(waiting, static request => Assert.False(request.IsCompleted));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_cancels_leaves_the_queue_and_no_trace(bool synchronous)
    {
        await using var lab = Lab(1, queue: 10);
        using var requests = lab.Collect<long>("clientsidelb.requests");
        using var caller = new CancellationTokenSource();
        _ = lab.Http.GetAsync("/");
        var waiting = SendAsync(lab, synchronous, caller.Token);
        await Eventually.Equal(1, () => lab.Cluster.QueuedCount);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Done(waiting));
        Assert.Equal(0, lab.Cluster.QueuedCount);
        Assert.Equal("cancelled", Assert.Single(requests.GetMeasurementSnapshot()).Tags["clientsidelb.outcome"]);
        Answer();
        await Eventually.Equal(0, () => lab[0].InFlight);
        Assert.Equal(1, _sent);
    }

    [Fact]
    public async Task The_disposal_of_the_container_ends_the_wait()
    {
        var lab = Lab(1, queue: 10);
        _ = lab.Http.GetAsync("/");
        var waiting = SendAsync(lab, synchronous: true);
        await Eventually.Equal(1, () => lab.Cluster.QueuedCount);

        await ((ServiceProvider)lab.Services).DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Eventually.Done(waiting));
    }

    [Fact]
    public async Task The_time_limit_of_an_attempt_begins_when_there_is_room()
    {
        await using var lab = Lab(1, queue: 10, static options =>
        {
            options.Concurrency.QueueTimeout = TimeSpan.FromSeconds(10);
            options.Failover.AttemptTimeout = TimeSpan.FromSeconds(3);
        });
        var first = lab.Http.GetAsync("/");
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        var second = lab.Http.GetAsync("/");
        lab.Time.Advance(TimeSpan.FromSeconds(0.9));
        Answer();
        await Eventually.Done(first);
        await Eventually.Equal(2, () => _sent);
        lab.Time.Advance(TimeSpan.FromSeconds(2.5));

        Answer();

        Assert.Equal(HttpStatusCode.OK, (await Eventually.Done(second)).StatusCode);
    }

    [Fact]
    public async Task A_failed_request_that_has_nowhere_to_go_keeps_its_answer()
    {
        await using var lab = Lab(2, queue: 0);
        var first = lab.Http.GetAsync("/");
        _ = lab.Http.GetAsync("/");

        Answer(HttpStatusCode.ServiceUnavailable);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Eventually.Done(first)).StatusCode);
        Assert.Equal(2, _sent);
    }

    [Fact]
    public async Task A_failed_request_waits_for_room_at_another_endpoint_and_gives_its_own_place_up()
    {
        await using var lab = Lab(2, queue: 10);
        var first = lab.Http.GetAsync("/");
        var second = lab.Http.GetAsync("/");

        Answer(HttpStatusCode.ServiceUnavailable);
        await Eventually.Equal((1, 0), () => (lab.Cluster.QueuedCount, lab[0].InFlight));
        var newcomer = lab.Http.GetAsync("/");
        await Eventually.Equal((1, 1), () => (lab.Cluster.QueuedCount, lab[0].InFlight));

        Answer();
        await Eventually.Done(second);
        await Eventually.Equal(4, () => _sent);
        Answer();
        Answer();
        await Eventually.Done(newcomer);
        var response = await Eventually.Done(first);

        Assert.Equal((HttpStatusCode.OK, lab[1]), (response.StatusCode, response.RequestMessage!.GetEndpoint()));
    }

    [Fact]
    public async Task A_hedge_is_left_out_where_there_is_no_room_and_never_waits()
    {
        await using var lab = Lab(2, queue: 10, static options => options.Failover.HedgingDelay = TimeSpan.FromSeconds(1));
        var first = lab.Http.GetAsync("/");
        var second = lab.Http.GetAsync("/");
        Assert.Equal(2, _sent);

        for (var i = 0; i < 5; i++)
        {
            lab.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((2, 0), (_sent, lab.Cluster.QueuedCount));
        Answer();
        Answer();
        await Eventually.Done(Task.WhenAll(first, second));
    }

    [Fact]
    public async Task A_hedged_request_waits_for_its_first_attempt()
    {
        await using var lab = Lab(1, queue: 10, static options => options.Failover.HedgingDelay = TimeSpan.FromSeconds(5));
        var first = lab.Http.GetAsync("/");
        var second = lab.Http.GetAsync("/");
        await Eventually.Equal(1, () => lab.Cluster.QueuedCount);

        Answer();
        await Eventually.Done(first);
        await Eventually.Equal(2, () => _sent);
        Answer();

        Assert.Equal(HttpStatusCode.OK, (await Eventually.Done(second)).StatusCode);
    }

    [Fact]
    public async Task A_body_holds_its_place_until_its_end()
    {
        await using var lab = Lab(1, queue: 10);
        var first = lab.Http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        Answer(content: new StreamContent(new MemoryStream(new byte[10])));
        var response = await Eventually.Done(first);
        var second = lab.Http.GetAsync("/");
        Assert.Equal((1, 1), (_sent, lab.Cluster.QueuedCount));

        response.Dispose();
        await Eventually.Equal(2, () => _sent);
        Answer();

        await Eventually.Done(second);
    }

    private static Task<HttpResponseMessage> SendAsync(TelemetryLab lab, bool synchronous, CancellationToken caller = default) => Task.Run(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/");
            return synchronous ? Task.FromResult(lab.Http.Send(request, caller)) : lab.Http.SendAsync(request, caller);
        },
        CancellationToken.None);

    private TelemetryLab Lab(int endpoints, int queue, Action<LoadBalancingOptions>? configure = null)
    {
        var lab = new TelemetryLab(endpoints, options =>
        {
            (options.Concurrency.MaxInFlightPerEndpoint, options.Concurrency.QueueLimit) = (1, queue);
            configure?.Invoke(options);
        });
        lab.Http.Timeout = Timeout.InfiniteTimeSpan;
        lab.Answer = (_, token) =>
        {
            var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
            token.Register(() => answer.TrySetCanceled(token));
            lock (_open)
            {
                _open.Enqueue(answer);
                _sent++;
            }

            return answer.Task;
        };
        return lab;
    }

    // Answers the request that was sent first.
    private void Answer(HttpStatusCode status = HttpStatusCode.OK, HttpContent? content = null)
    {
        lock (_open)
        {
            _open.Dequeue().SetResult(new HttpResponseMessage(status) { Content = content });
        }
    }
}
