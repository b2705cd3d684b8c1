using Polly;

namespace ClientSideLb;

/// <summary>
/// One request that may be at several endpoints at the same time. Each attempt sends a copy of the request, because an attempt changes
/// the address of what it sends; the content, which can be read again, is the same.
/// </summary>
/// <param name="request">The request, one that may be sent twice.</param>
/// <param name="route">Where it is to go.</param>
/// <param name="primary">The handler below.</param>
/// <param name="caller">The caller's cancellation.</param>
internal sealed class HedgedRun(HttpRequestMessage request, Route route, IPrimary primary, CancellationToken caller)
{
    private static readonly ResiliencePropertyKey<HedgedRun> Key = new("ClientSideLb.HedgedRun");

    private readonly TriedEndpoints _tried = request.GetTriedEndpoints();
    private int _attempts;
    private volatile Exception? _lastFailure;
    private volatile string? _lastError;

    internal TimeSpan Delay => route.Settings.Failover.HedgingDelay ?? Timeout.InfiniteTimeSpan;

    internal static HedgedRun Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    internal ResilienceContext NewContext()
    {
        var context = ResilienceContextPool.Shared.Get(caller);
        context.Properties.Set(Key, this);
        return context;
    }

    /// <summary>Tells whether there is an endpoint, and a budget, for one more attempt, and takes it.</summary>
    internal bool MayHedge() => Failover.MayMove(
        request, route, Volatile.Read(ref _attempts), new AttemptEnd(Verdict.Failure, Response: null, _lastFailure), caller);

    /// <summary>Makes one attempt.</summary>
    /// <param name="cancellationToken">Cancelled by the caller, and when another attempt has won.</param>
    internal async ValueTask<HedgedAnswer> SendAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _attempts) > 1)
        {
            RequestTelemetry.Moved(route, _tried.Latest, TelemetryNames.Hedge, _lastError);
        }

        var copy = RequestCopy.Of(request);
        var attempt = Attempt.Begin(copy, route, cancellationToken);
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            response = await primary.SendAsync(copy, attempt.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        var end = attempt.End(response, failure);
        _lastFailure = end.Exception;
        _lastError = ErrorType.Of(in end);
        return new HedgedAnswer(end, attempt.Endpoint);
    }

    /// <summary>Gives the caller what the winner has.</summary>
    internal HttpResponseMessage Finish(HedgedAnswer winner)
    {
        RequestTelemetry.RequestEnded(route, winner.Endpoint, winner.End, Volatile.Read(ref _attempts));
        var response = winner.End.ResponseOrThrow();
        if (winner.Endpoint is not null)
        {
            _tried.SetLatest(winner.Endpoint);
        }

        response.RequestMessage = request;
        return response;
    }

    /// <summary>Tells that the request ended without an attempt that won.</summary>
    internal void Report(Exception failure)
    {
        if (failure is not NoEndpointAvailableException)
        {
            var verdict = caller.IsCancellationRequested ? Verdict.Abandoned : Verdict.Neutral;
            RequestTelemetry.RequestEnded(route, _tried.Latest, new AttemptEnd(verdict, Response: null, failure), Volatile.Read(ref _attempts));
        }
    }
}
