using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

public sealed class AttemptDeadlineTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _caller = new();
    private readonly HttpRequestMessage _request = new();

    public void Dispose()
    {
        _caller.Dispose();
        _request.Dispose();
    }

    [Fact]
    public void The_token_is_cancelled_when_the_time_is_over_and_not_before()
    {
        using var deadline = Begin();

        _time.Advance(Limit - TimeSpan.FromTicks(1));
        Assert.False(deadline.Token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.True(deadline.Token.IsCancellationRequested);
    }

    [Fact]
    public void The_token_is_cancelled_by_the_caller()
    {
        using var deadline = Begin();

        _caller.Cancel();

        Assert.True(deadline.Token.IsCancellationRequested);
    }

    [Fact]
    public void Only_the_caller_cancels_after_the_deadline_was_stopped_at_the_headers()
    {
        using var deadline = Begin();

        deadline.Stop();
        _time.Advance(Limit + Limit);
        Assert.False(deadline.Token.IsCancellationRequested);

        _caller.Cancel();
        Assert.True(deadline.Token.IsCancellationRequested);
    }

    [Fact]
    public void A_cancellation_by_the_deadline_is_explained_as_a_timeout()
    {
        using var deadline = Begin();
        _time.Advance(Limit);
        var cancellation = new TaskCanceledException();

        var explained = Assert.IsType<HttpRequestException>(deadline.Explain(_request, cancellation, _caller.Token));

        Assert.Same(cancellation, Assert.IsType<TimeoutException>(explained.InnerException).InnerException);
        Assert.Equal(HttpRequestError.Unknown, explained.HttpRequestError);
        Assert.Contains("3 s", explained.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancellation_by_the_caller_after_the_deadline_is_not_explained_as_a_timeout()
    {
        using var deadline = Begin();
        _time.Advance(Limit);
        _caller.Cancel();
        var cancellation = new TaskCanceledException();

        Assert.Same(cancellation, deadline.Explain(_request, cancellation, _caller.Token));
    }

    [Fact]
    public void A_cancellation_before_the_deadline_is_not_explained_as_a_timeout()
    {
        using var deadline = Begin();
        var cancellation = new TaskCanceledException();

        Assert.Same(cancellation, deadline.Explain(_request, cancellation, _caller.Token));
    }

    [Fact]
    public void Another_failure_after_the_deadline_is_not_explained_as_a_timeout()
    {
        using var deadline = Begin();
        _time.Advance(Limit);
        var failure = new HttpRequestException("reset");

        Assert.Same(failure, deadline.Explain(_request, failure, _caller.Token));
    }

    [Fact]
    public void A_disposed_deadline_neither_fires_nor_stays_registered_with_the_caller()
    {
        var deadline = Begin();
        var token = deadline.Token;

        deadline.Dispose();
        deadline.Dispose();
        _time.Advance(Limit);
        _caller.Cancel();

        Assert.False(token.IsCancellationRequested);
    }

    [Fact]
    public void The_deadline_ends_with_the_lease_that_carries_it()
    {
        var deadline = Begin();
        var token = deadline.Token;
        var lease = EndpointLease.TryTake(Backends.At("http://10.0.0.1/"), 0)!;
        lease.Resource = deadline;

        lease.Release();
        _caller.Cancel();

        Assert.False(token.IsCancellationRequested);
    }

    private AttemptDeadline Begin() => new(Limit, _time, _caller.Token);
}
