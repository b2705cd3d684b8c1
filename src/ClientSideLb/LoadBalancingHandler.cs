namespace ClientSideLb;

/// <summary>
/// Sends each request to an endpoint: finds the cluster, picks an endpoint, points the request at it, sends, observes the outcome,
/// and holds the lease until the response's body has ended. A request that failed moves to another endpoint where that is safe.
/// </summary>
/// <remarks>Handlers come and go every few minutes. All state is with the <see cref="LoadBalancedClient"/>, which stays.</remarks>
internal sealed class LoadBalancingHandler(LoadBalancedClient client) : DelegatingHandler, IPrimary
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var settings = client.Settings;
            var feed = client.FindFeed(request, settings);
            return feed is { Asked.IsCompleted: false }
                ? AskAndSendAsync(request, feed, settings, cancellationToken)
                : SendAsync(request, client.RouteTo(feed, settings), cancellationToken);
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
        feed?.Asked.Wait(cancellationToken);

        var route = client.RouteTo(feed, settings);
        var attempt = Attempt.Begin(request, route, cancellationToken);
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            response = base.Send(request, attempt.Token);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        return IsFinal(in attempt, response, failure, out var end)
            ? end.ResponseOrThrow()
            : client.Failover.Move(new FailoverRun(request, route, end, this, cancellationToken));
    }

    Task<HttpResponseMessage> IPrimary.SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);

    HttpResponseMessage IPrimary.Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.Send(request, cancellationToken);

    // Requests that come before the endpoints are known wait for them.
    private async Task<HttpResponseMessage> AskAndSendAsync(
        HttpRequestMessage request, EndpointFeed feed, ClientSettings settings, CancellationToken cancellationToken)
    {
        await feed.Asked.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await SendAsync(request, client.RouteTo(feed, settings), cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Route route, CancellationToken cancellationToken)
    {
        if (Failover.IsHedged(request, route))
        {
            return client.Failover.HedgeAsync(new HedgedRun(request, route, this, cancellationToken));
        }

        var attempt = Attempt.Begin(request, route, cancellationToken);
        Task<HttpResponseMessage> sending;
        try
        {
            sending = InnerHandler is RedirectHandler redirects
                ? redirects.SendOnceAsync(request, attempt.Token)
                : base.SendAsync(request, attempt.Token);
        }
        catch (Exception exception)
        {
            sending = Task.FromException<HttpResponseMessage>(exception);
        }

        if (!sending.IsCompletedSuccessfully || RedirectHandler.MayBeRedirect(sending.Result))
        {
            return ReceiveAsync(sending, attempt);
        }

        // What answers at once, such as a cache below, is handed on as it is: no task of our own, 72 bytes and about 25 ns.
        return IsFinal(in attempt, sending.Result, failure: null, out var end)
            ? sending
            : client.Failover.MoveAsync(new FailoverRun(request, route, end, this, cancellationToken));
    }

    private async Task<HttpResponseMessage> ReceiveAsync(Task<HttpResponseMessage> sending, Attempt attempt)
    {
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            var received = await sending.ConfigureAwait(false);
            response = RedirectHandler.MayBeRedirect(received) && InnerHandler is RedirectHandler redirects
                ? await redirects.FollowAsync(attempt.Request, received, attempt.Token).ConfigureAwait(false)
                : received;
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        return IsFinal(in attempt, response, failure, out var end)
            ? end.ResponseOrThrow()
            : await client.Failover.MoveAsync(new FailoverRun(attempt.Request, attempt.Route, end, this, attempt.Caller)).ConfigureAwait(false);
    }

    // Ends the first attempt of a request, and tells whether it was the last one too.
    private static bool IsFinal(in Attempt attempt, HttpResponseMessage? response, Exception? failure, out AttemptEnd end)
    {
        end = attempt.End(response, failure);
        if (Failover.MayMove(attempt.Request, attempt.Route, attempts: 1, in end, attempt.Caller))
        {
            return false;
        }

        RequestTelemetry.RequestEnded(attempt.Route, attempt.Endpoint, in end, attempts: 1);
        return true;
    }
}
