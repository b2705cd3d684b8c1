using ClientSideLb.Requests;
using ClientSideLb.Telemetry;
using Polly;

namespace ClientSideLb.Failover;

/// <summary>The further attempts of one request, one after the other, after its first attempt failed.</summary>
/// <param name="request">The request.</param>
/// <param name="route">The request's route.</param>
/// <param name="first">The result of the first attempt.</param>
/// <param name="sender">Sends requests through the handlers below.</param>
/// <param name="caller">The caller's cancellation.</param>
internal sealed class FailoverRun(HttpRequestMessage request, Route route, AttemptResult first, IRequestSender sender, CancellationToken caller)
{
    private static readonly ResiliencePropertyKey<FailoverRun> Key = new("ClientSideLb.FailoverRun");

    private int _attempts = 1;
    private int _counted = FailoverRules.CountAttempt(in first);
    private readonly AttemptTrail _trail = StartTrail(route, in first);
    private AttemptResult _result = first;

    internal static FailoverRun Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    internal ResilienceContext RentContext()
    {
        var context = ResilienceContextPool.Shared.Get(caller);
        context.Properties.Set(Key, this);
        return context;
    }

    /// <summary>Lets the request move once more, if the rules and the retry budget permit it.</summary>
    internal bool TryMove() => FailoverRules.TryMove(request, route, _counted, in _result, caller);

    /// <summary>Makes the next attempt, after it has disposed the response of the attempt before.</summary>
    internal async Task<HttpResponseMessage> SendAsync()
    {
        PrepareNext();
        Attempt attempt;
        try
        {
            attempt = Attempt.TryBegin(request, route, caller, out var begun) ? begun : await Attempt.WaitAsync(request, route, caller).ConfigureAwait(false);
        }
        catch (Exception notSent) when (notSent is not NoEndpointAvailableException)
        {
            _result = Attempt.NotSent(request, notSent, caller);
            throw;
        }

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

        return End(in attempt, response, failure);
    }

    /// <summary>Does the same as <see cref="SendAsync"/> for a synchronous request.</summary>
    internal HttpResponseMessage Send()
    {
        PrepareNext();
        Attempt attempt;
        try
        {
            attempt = Attempt.TryBegin(request, route, caller, out var begun) ? begun : Attempt.Wait(request, route, caller);
        }
        catch (Exception notSent) when (notSent is not NoEndpointAvailableException)
        {
            _result = Attempt.NotSent(request, notSent, caller);
            throw;
        }

        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            response = sender.Send(attempt);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        return End(in attempt, response, failure);
    }

    /// <summary>Tells in the exception of a request what each endpoint said, if the last one failed.</summary>
    internal Exception Explain(Exception failure) => _result.IsFailure && ReferenceEquals(failure, _result.Exception) ? _trail.Explain(failure) : failure;

    /// <summary>Reports how the request ended.</summary>
    internal void Report()
    {
        // Without a result, the latest attempt found no endpoint. It has reported that itself.
        if (_result is not { Response: null, Exception: null })
        {
            RejectedResponse.ShortenRetryAfter(in _result, route);
            RequestTelemetry.ReportRequest(route, request.GetEndpoint(), in _result, _attempts);
        }
    }

    private HttpResponseMessage End(in Attempt attempt, HttpResponseMessage? response, Exception? failure)
    {
        _result = attempt.End(response, failure, failure is not null && sender.IsFromPrimary(request, failure));
        _counted += FailoverRules.CountAttempt(in _result);
        if (_result.MayDoBetterElsewhere)
        {
            _trail.Add(in _result);
        }

        if (attempt.IsRejected)
        {
            // Nothing was sent.
            _attempts--;
        }

        return _result.GetResponseOrThrow();
    }

    private static AttemptTrail StartTrail(Route route, in AttemptResult first)
    {
        var trail = new AttemptTrail(route.Settings.Failover.AttemptTimeout);
        trail.Add(in first);
        return trail;
    }

    // The failed response gives its place at its endpoint back before the request may wait for another one. If it kept the place, two requests could wait for
    // each other.
    private void PrepareNext()
    {
        RequestTelemetry.ReportMove(route, request.GetEndpoint(), TelemetryNames.Retry, ErrorType.Of(in _result));
        _attempts++;
        _result.Response?.Dispose();
        _result = default;
    }
}
