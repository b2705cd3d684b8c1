using ClientSideLb.Requests;
using ClientSideLb.Telemetry;
using Polly;

namespace ClientSideLb.Failover;

/// <summary>One request on its way over several endpoints, after the first of them failed.</summary>
/// <param name="request">The request.</param>
/// <param name="route">Where it is to go.</param>
/// <param name="first">How the first attempt ended.</param>
/// <param name="sender">The handlers below.</param>
/// <param name="caller">The caller's cancellation.</param>
internal sealed class FailoverRun(HttpRequestMessage request, Route route, AttemptResult first, IRequestSender sender, CancellationToken caller)
{
    private static readonly ResiliencePropertyKey<FailoverRun> Key = new("ClientSideLb.FailoverRun");

    private int _attempts = 1;
    private AttemptResult _result = first;

    internal static FailoverRun Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    internal ResilienceContext NewContext()
    {
        var context = ResilienceContextPool.Shared.Get(caller);
        context.Properties.Set(Key, this);
        return context;
    }

    /// <summary>Lets the request move once more if it may.</summary>
    internal bool TryMove() => FailoverRules.TryMove(request, route, _attempts, in _result, caller);

    /// <summary>Makes the next attempt. The response of the one before is of no use to anybody.</summary>
    internal async Task<HttpResponseMessage> SendAsync()
    {
        var attempt = Next();
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            response = await sender.SendAsync(request, attempt.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        _result = attempt.End(response, failure);
        return _result.GetResponseOrThrow();
    }

    /// <summary>Makes the next attempt of a synchronous request.</summary>
    internal HttpResponseMessage Send()
    {
        var attempt = Next();
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            response = sender.Send(request, attempt.Token);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        _result = attempt.End(response, failure);
        return _result.GetResponseOrThrow();
    }

    /// <summary>Tells how the request ended, however that came about.</summary>
    internal void Report()
    {
        // Without an end there was no endpoint for the latest attempt, which has been told.
        if (_result is not { Response: null, Exception: null })
        {
            RequestTelemetry.RequestEnded(route, request.GetEndpoint(), in _result, _attempts);
        }
    }

    private Attempt Next()
    {
        RequestTelemetry.Moved(route, request.GetEndpoint(), TelemetryNames.Retry, ErrorType.Of(in _result));
        _attempts++;
        _result.Response?.Dispose();
        _result = default;
        return Attempt.Begin(request, route, caller);
    }
}
