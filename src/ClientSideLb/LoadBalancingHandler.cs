namespace ClientSideLb;

/// <summary>
/// Sends each request to an endpoint: finds the cluster, picks an endpoint, points the request at it, sends, observes the outcome,
/// and holds the lease until the response's body has ended. A request that failed moves to another endpoint where that is safe.
/// </summary>
/// <remarks>Handlers come and go every few minutes. All state is with the <see cref="LoadBalancedClient"/>, which stays.</remarks>
internal sealed class LoadBalancingHandler(LoadBalancedClient client) : DelegatingHandler, IPrimary
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var settings = client.Settings;
        var feed = client.FindFeed(request, settings);
        if (feed is not null)
        {
            await feed.Asked.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        var route = client.RouteTo(feed, settings);
        if (Failover.IsHedged(request, in route))
        {
            return await client.Failover.HedgeAsync(new HedgedRun(request, route, this, cancellationToken)).ConfigureAwait(false);
        }

        var attempt = Attempt.Begin(request, in route, cancellationToken);
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            response = await base.SendAsync(request, attempt.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        var end = attempt.End(response, failure);
        if (Failover.MayMove(request, in route, attempts: 1, in end, cancellationToken))
        {
            return await client.Failover.MoveAsync(new FailoverRun(request, route, end, this, cancellationToken)).ConfigureAwait(false);
        }

        RequestTelemetry.RequestEnded(in route, attempt.Endpoint, in end, attempts: 1);
        return end.ResponseOrThrow();
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var settings = client.Settings;
        var feed = client.FindFeed(request, settings);
        feed?.Asked.Wait(cancellationToken);

        var route = client.RouteTo(feed, settings);
        var attempt = Attempt.Begin(request, in route, cancellationToken);
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

        var end = attempt.End(response, failure);
        if (Failover.MayMove(request, in route, attempts: 1, in end, cancellationToken))
        {
            return client.Failover.Move(new FailoverRun(request, route, end, this, cancellationToken));
        }

        RequestTelemetry.RequestEnded(in route, attempt.Endpoint, in end, attempts: 1);
        return end.ResponseOrThrow();
    }

    Task<HttpResponseMessage> IPrimary.SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);

    HttpResponseMessage IPrimary.Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.Send(request, cancellationToken);
}
