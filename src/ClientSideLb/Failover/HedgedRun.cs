using ClientSideLb.Requests;
using ClientSideLb.Strategies;
using ClientSideLb.Telemetry;
using Polly;

namespace ClientSideLb.Failover;

/// <summary>
/// One request that may be at several endpoints at the same time. Each attempt sends a copy of the request, because an attempt changes
/// the address of what it sends; the content, which can be read again, is the same.
/// </summary>
/// <param name="request">The request, one that may be sent twice.</param>
/// <param name="route">Where it is to go.</param>
/// <param name="sender">The handler below.</param>
/// <param name="caller">The caller's cancellation.</param>
internal sealed class HedgedRun(HttpRequestMessage request, Route route, IRequestSender sender, CancellationToken caller)
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

    /// <summary>Lets the request have one more attempt, if there is an endpoint and a budget for it.</summary>
    internal bool TryHedge() => FailoverRules.TryMove(request, route, Volatile.Read(ref _attempts), CreateResult(AttemptVerdict.Failure, _lastFailure), caller);

    /// <summary>Makes one attempt.</summary>
    /// <param name="cancellationToken">Cancelled by the caller, and when another attempt has won.</param>
    internal async ValueTask<HedgedResult> SendAsync(CancellationToken cancellationToken)
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
            response = await sender.SendAsync(copy, attempt.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        var result = attempt.End(response, failure);
        _lastFailure = result.Exception;
        _lastError = ErrorType.Of(in result);
        return new HedgedResult(result);
    }

    /// <summary>Gives the caller what the winner has.</summary>
    internal HttpResponseMessage Finish(HedgedResult winner)
    {
        var result = winner.Attempt;
        RequestTelemetry.RequestEnded(route, result.Endpoint, in result, Volatile.Read(ref _attempts));
        var response = result.GetResponseOrThrow();
        _tried.SetLatest(result.Endpoint);

        response.RequestMessage = request;
        return response;
    }

    /// <summary>Tells that the request ended without an attempt that won.</summary>
    internal void Report(Exception failure)
    {
        if (failure is not NoEndpointAvailableException)
        {
            var result = CreateResult(caller.IsCancellationRequested ? AttemptVerdict.Abandoned : AttemptVerdict.Neutral, failure);
            RequestTelemetry.RequestEnded(route, _tried.Latest, in result, Volatile.Read(ref _attempts));
        }
    }

    private AttemptResult CreateResult(AttemptVerdict verdict, Exception? failure) =>
        new() { Endpoint = _tried.Latest!, Request = request, Exception = failure, Verdict = verdict };
}
