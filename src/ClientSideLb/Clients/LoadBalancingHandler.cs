using ClientSideLb.Failover;
using ClientSideLb.Requests;

namespace ClientSideLb.Clients;

/// <summary>
/// Sends each request to an endpoint. It finds the cluster, picks an endpoint, points the request at it, sends it, observes the result,
/// and holds the lease until the response's body has ended. If it is safe, a request that failed moves to another endpoint.
/// </summary>
/// <remarks>
/// The handler has no state of its own, because the factory replaces handlers every few minutes. The <see cref="LoadBalancedClient"/> holds
/// the state and outlives them.
/// </remarks>
internal sealed class LoadBalancingHandler(LoadBalancedClient client) : DelegatingHandler, IRequestSender
{
    /// <summary>Gets the client that the handler belongs to.</summary>
    internal LoadBalancedClient Client => client;

    /// <summary>Gets or sets the primary handler at the end of the pipeline, if it is known.</summary>
    internal HttpMessageHandler? Primary { get; set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var settings = client.Settings;
            var feed = client.FindFeed(request, settings);
            return feed is { Feed.FirstQuery.IsCompleted: false }
                ? WaitAndSendAsync(request, feed, settings, cancellationToken)
                : SendAsync(request, client.GetRoute(request, feed, settings), cancellationToken);
        }
        catch (Exception exception)
        {
            return Task.FromException<HttpResponseMessage>(exception);
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var settings = client.Settings;
        var feed = client.FindFeed(request, settings);
        if (feed is { Feed.FirstQuery.IsCompleted: false })
        {
            client.WaitForEndpoints(feed, cancellationToken);
        }

        var route = client.GetRoute(request, feed, settings);
        StoredCookies.Attach(request, Primary, route);
        var attempt = TryBegin(request, route, cancellationToken, out var begun) ? begun : Wait(request, route, cancellationToken);
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            response = Send(attempt);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        return TryComplete(in attempt, response, failure, out var result)
            ? result.GetResponseOrThrow()
            : client.Failover.Move(new FailoverRun(request, route, result, this, cancellationToken));
    }

    Task<HttpResponseMessage> IRequestSender.SendAsync(Attempt attempt) => SendAsync(attempt);

    HttpResponseMessage IRequestSender.Send(Attempt attempt) => Send(attempt);

    bool IRequestSender.IsFromPrimary(HttpRequestMessage request, Exception failure) => IsFromPrimary(request, failure);

    // A request that arrives before the endpoints are known waits for them.
    private async Task<HttpResponseMessage> WaitAndSendAsync(
        HttpRequestMessage request, RunningFeed feed, ClientSettings settings, CancellationToken cancellationToken)
    {
        await client.WaitForEndpointsAsync(feed, cancellationToken).ConfigureAwait(false);
        return await SendAsync(request, client.GetRoute(request, feed, settings), cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Route route, CancellationToken cancellationToken)
    {
        StoredCookies.Attach(request, Primary, route);
        if (FailoverRules.IsHedged(request, route))
        {
            return client.Failover.HedgeAsync(new HedgedRun(request, route, this, cancellationToken));
        }

        return TryBegin(request, route, cancellationToken, out var attempt)
            ? SendFirstAsync(in attempt)
            : WaitAndSendAsync(request, route, cancellationToken);
    }

    private async Task<HttpResponseMessage> WaitAndSendAsync(HttpRequestMessage request, Route route, CancellationToken cancellationToken)
    {
        Attempt attempt;
        try
        {
            attempt = await Attempt.WaitAsync(request, route, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not NoEndpointAvailableException)
        {
            ReportNotSent(request, route, failure, cancellationToken);
            throw;
        }

        return await SendFirstAsync(in attempt).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> SendFirstAsync(in Attempt attempt)
    {
        var request = attempt.Request;
        Task<HttpResponseMessage> sending;
        try
        {
            sending = InnerHandler is RedirectHandler redirects && !attempt.IsRejected
                ? redirects.SendOnceAsync(request, attempt.Lease, attempt.Token)
                : SendAsync(attempt);
        }
        catch (Exception exception)
        {
            sending = Task.FromException<HttpResponseMessage>(exception);
        }

        if (!sending.IsCompletedSuccessfully || RedirectHandler.MayBeRedirect(sending.Result))
        {
            return ReceiveAsync(sending, attempt);
        }

        // If the inner handler completed synchronously, its task is returned: no state machine is allocated.
        return TryComplete(in attempt, sending.Result, failure: null, out var result)
            ? sending
            : client.Failover.MoveAsync(new FailoverRun(request, attempt.Route, result, this, attempt.Caller));
    }

    private Task<HttpResponseMessage> SendAsync(Attempt attempt)
    {
        if (attempt.IsRejected)
        {
            return Task.FromResult(RejectedResponse.Create(attempt.Request, attempt.Route.Cluster!));
        }

        attempt.PassLease();
        return base.SendAsync(attempt.Request, attempt.Token);
    }

    private HttpResponseMessage Send(Attempt attempt)
    {
        if (attempt.IsRejected)
        {
            return RejectedResponse.Create(attempt.Request, attempt.Route.Cluster!);
        }

        attempt.PassLease();
        return base.Send(attempt.Request, attempt.Token);
    }

    private static bool TryBegin(HttpRequestMessage request, Route route, CancellationToken cancellationToken, out Attempt attempt)
    {
        try
        {
            return Attempt.TryBegin(request, route, cancellationToken, out attempt);
        }
        catch (Exception failure) when (failure is not NoEndpointAvailableException)
        {
            ReportNotSent(request, route, failure, cancellationToken);
            throw;
        }
    }

    private static Attempt Wait(HttpRequestMessage request, Route route, CancellationToken cancellationToken)
    {
        try
        {
            return Attempt.Wait(request, route, cancellationToken);
        }
        catch (Exception failure) when (failure is not NoEndpointAvailableException)
        {
            ReportNotSent(request, route, failure, cancellationToken);
            throw;
        }
    }

    // This request, too, has ended for its caller.
    private static void ReportNotSent(HttpRequestMessage request, Route route, Exception failure, CancellationToken caller)
    {
        var result = Attempt.NotSent(request, failure, caller);
        RequestTelemetry.ReportRequest(route, endpoint: null, in result, attempts: 0);
    }

    private async Task<HttpResponseMessage> ReceiveAsync(Task<HttpResponseMessage> sending, Attempt attempt)
    {
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            var received = await sending.ConfigureAwait(false);
            response = RedirectHandler.MayBeRedirect(received) && InnerHandler is RedirectHandler redirects
                ? await redirects.FollowAsync(attempt.Request, attempt.Lease, received, attempt.Token).ConfigureAwait(false)
                : received;
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        return TryComplete(in attempt, response, failure, out var result)
            ? result.GetResponseOrThrow()
            : await client.Failover.MoveAsync(new FailoverRun(attempt.Request, attempt.Route, result, this, attempt.Caller)).ConfigureAwait(false);
    }

    // Ends the first attempt, and reports the end of the request unless it moves to another endpoint.
    private bool TryComplete(in Attempt attempt, HttpResponseMessage? response, Exception? failure, out AttemptResult result)
    {
        result = attempt.End(response, failure, failure is not null && IsFromPrimary(attempt.Request, failure));
        if (FailoverRules.TryMove(attempt.Request, attempt.Route, FailoverRules.CountAttempt(in result), in result, attempt.Caller))
        {
            return false;
        }

        RejectedResponse.ShortenRetryAfter(in result, attempt.Route);
        RequestTelemetry.ReportRequest(attempt.Route, attempt.Endpoint, in result, attempts: attempt.IsRejected ? 0 : 1);
        return true;
    }

    private bool IsFromPrimary(HttpRequestMessage request, Exception failure)
    {
        // If nothing stands in between, or if a test has put its own handler below, all exceptions come from the primary handler.
        var isRemembered = PrimaryFailure.TakeIsCauseOf(request, failure);
        return isRemembered || InnerHandler is RedirectHandler || !HasInnermostHandler();
    }

    private bool HasInnermostHandler()
    {
        var handler = InnerHandler;
        while (handler is DelegatingHandler { InnerHandler: var inner } and not RedirectHandler)
        {
            handler = inner;
        }

        return handler is RedirectHandler;
    }
}
