using Polly;

namespace ClientSideLb;

/// <summary>One request on its way over several endpoints, after the first of them failed.</summary>
/// <param name="request">The request.</param>
/// <param name="route">Where it is to go.</param>
/// <param name="first">How the first attempt ended.</param>
/// <param name="primary">The handlers below.</param>
/// <param name="caller">The caller's cancellation.</param>
internal sealed class FailoverRun(HttpRequestMessage request, Route route, AttemptEnd first, IPrimary primary, CancellationToken caller)
{
    private static readonly ResiliencePropertyKey<FailoverRun> Key = new("ClientSideLb.FailoverRun");

    private int _attempts = 1;
    private AttemptEnd _end = first;

    internal static FailoverRun Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    internal ResilienceContext NewContext()
    {
        var context = ResilienceContextPool.Shared.Get(caller);
        context.Properties.Set(Key, this);
        return context;
    }

    /// <summary>Tells whether there may be one more attempt after the latest.</summary>
    internal bool MayMove() => Failover.MayMove(request, route, _attempts, in _end, caller);

    /// <summary>Makes the next attempt. The response of the one before is of no use to anybody.</summary>
    internal async Task<HttpResponseMessage> SendAsync()
    {
        var attempt = Next();
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            response = await primary.SendAsync(request, attempt.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        _end = attempt.End(response, failure);
        return _end.ResponseOrThrow();
    }

    /// <summary>Makes the next attempt of a synchronous request.</summary>
    internal HttpResponseMessage Send()
    {
        var attempt = Next();
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            response = primary.Send(request, attempt.Token);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        _end = attempt.End(response, failure);
        return _end.ResponseOrThrow();
    }

    /// <summary>Tells how the request ended, however that came about.</summary>
    internal void Report()
    {
        // Without an end there was no endpoint for the latest attempt, which has been told.
        if (_end is not { Response: null, Exception: null })
        {
            RequestTelemetry.RequestEnded(route, request.GetEndpoint(), in _end, _attempts);
        }
    }

    private Attempt Next()
    {
        RequestTelemetry.Moved(route, request.GetEndpoint(), TelemetryNames.Retry, ErrorType.Of(in _end));
        _attempts++;
        _end.Response?.Dispose();
        _end = default;
        return Attempt.Begin(request, route, caller);
    }
}
