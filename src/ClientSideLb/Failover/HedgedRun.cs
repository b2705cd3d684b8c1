using ClientSideLb.Clusters;
using ClientSideLb.Requests;
using ClientSideLb.Strategies;
using ClientSideLb.Telemetry;
using Polly;

namespace ClientSideLb.Failover;

/// <summary>
/// One request that may be sent to several endpoints at the same time. Each attempt sends its own copy of the request, because an attempt
/// changes the request's address. The copies share the content, which can be read more than once.
/// </summary>
/// <param name="request">The request. It is safe to send twice.</param>
/// <param name="route">The request's route.</param>
/// <param name="sender">Sends requests through the handlers below.</param>
/// <param name="caller">The caller's cancellation.</param>
internal sealed class HedgedRun(HttpRequestMessage request, Route route, IRequestSender sender, CancellationToken caller)
{
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMilliseconds(50);
    private static readonly ResiliencePropertyKey<HedgedRun> Key = new("ClientSideLb.HedgedRun");

    private readonly TriedEndpoints _tried = request.GetOrAddTriedEndpoints();
    private readonly AttemptTrail _trail = new(route.Settings.Failover.AttemptTimeout);
    private int _attempts;
    private int _counted;
    private int _failed;
    private bool _isRefused;
    private AttemptResult _lastFailure;
    private volatile string? _lastError;
    private volatile ClusterEndpoint? _left;

    /// <summary>
    /// The time to wait for an answer before another attempt is asked for. After a refusal it is not short, because the pipeline would ask without a pause.
    /// </summary>
    internal TimeSpan Delay => route.Settings.Failover.HedgingDelay switch
    {
        null => Timeout.InfiniteTimeSpan,
        { } delay when _isRefused && delay < AfterRefusal => AfterRefusal,
        { } delay => delay,
    };

    internal static HedgedRun Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    internal ResilienceContext RentContext()
    {
        var context = ResilienceContextPool.Shared.Get(caller);
        context.Properties.Set(Key, this);
        return context;
    }

    /// <summary>
    /// Lets the request make one more attempt, if the rules permit it: as a move if all attempts so far have failed, and as a hedge otherwise. A move waits
    /// for room if it must. A hedge does not: without room it is left out.
    /// </summary>
    /// <param name="lease">The lease of a hedge, or <see langword="null"/> for a move.</param>
    internal bool TryHedge(out EndpointLease? lease)
    {
        bool isPermitted, isMove;
        lock (_tried)
        {
            isMove = _failed == _attempts;
            isPermitted = isMove
                ? FailoverRules.TryMove(request, route, _counted, in _lastFailure, caller)
                : FailoverRules.TryHedge(request, route, _counted + _attempts - _failed, caller);
        }

        // The lease changes which endpoint is the latest. The strategy picks, so no lock is held.
        _left = _tried.Latest;
        lease = isPermitted && !isMove ? Leasing.TryTakeBeside(request, route) : null;
        _isRefused = !isPermitted || (!isMove && lease is null);
        return !_isRefused;
    }

    /// <summary>Makes one attempt.</summary>
    /// <param name="lease">The lease, or <see langword="null"/> if the attempt takes one itself.</param>
    /// <param name="cancellationToken">The attempt's cancellation, by the caller or because another attempt has won.</param>
    internal async ValueTask<HedgedResult> SendAsync(EndpointLease? lease, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _attempts) > 1)
        {
            RequestTelemetry.ReportMove(route, _left, TelemetryNames.Hedge, _lastError);
        }

        var copy = RequestCopy.Of(request);
        var attempt =
            lease is not null ? Attempt.Begin(copy, route, lease, cancellationToken) :
            Attempt.TryBegin(copy, route, cancellationToken, out var begun) ? begun :
            await Attempt.WaitAsync(copy, route, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            response = await sender.SendAsync(attempt).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        var result = attempt.End(response, failure, failure is not null && sender.IsFromPrimary(copy, failure));
        lock (_tried)
        {
            if (result.MayDoBetterElsewhere)
            {
                _failed++;
                _counted += FailoverRules.CountAttempt(in result);
                _lastFailure = result with { Request = request };
                _trail.Add(in result);
            }
        }

        _lastError = ErrorType.Of(in result);
        return new HedgedResult(result);
    }

    /// <summary>Reports the end of the request, and returns the winner's response or throws its exception.</summary>
    internal HttpResponseMessage Finish(HedgedResult winner)
    {
        var result = winner.Attempt;
        RejectedResponse.ShortenRetryAfter(in result, route);
        RequestTelemetry.ReportRequest(route, result.Endpoint, in result, Volatile.Read(ref _attempts));
        var response = (result is { IsFailure: true, Exception: { } failure } ? result with { Exception = Explain(failure) } : result).GetResponseOrThrow();
        if (result.Endpoint is not null)
        {
            _tried.SetLatest(result.Endpoint);
        }

        // After a redirect, the response has a request of its own, which shows the final address.
        if (!result.IsRedirected)
        {
            response.RequestMessage = request;
        }

        return response;
    }

    /// <summary>Reports that the request ended without a winner.</summary>
    internal void Report(Exception failure)
    {
        if (failure is not NoEndpointAvailableException)
        {
            var result = CreateResult(caller.IsCancellationRequested ? AttemptVerdict.Abandoned : AttemptVerdict.Neutral, failure);
            RequestTelemetry.ReportRequest(route, _tried.Latest, in result, Volatile.Read(ref _attempts));
        }
    }

    private Exception Explain(Exception failure)
    {
        lock (_tried)
        {
            return _trail.Explain(failure);
        }
    }

    private AttemptResult CreateResult(AttemptVerdict verdict, Exception? failure) =>
        new() { Endpoint = _tried.Latest!, Request = request, Exception = failure, Verdict = verdict };
}
