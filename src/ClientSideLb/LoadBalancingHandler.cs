namespace ClientSideLb;

/// <summary>
/// Sends each request to an endpoint: finds the cluster, picks an endpoint, points the request at it, sends, observes the answer,
/// and holds the lease until the response's body has ended.
/// </summary>
/// <remarks>Handlers come and go every few minutes. All state is with the <see cref="LoadBalancedClient"/>, which stays.</remarks>
internal sealed class LoadBalancingHandler(LoadBalancedClient client, Random random) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var cluster = client.GetStaticCluster(baseAddress: null);
        var feed = cluster is null ? FindFeed(request) : null;
        if (feed is not null)
        {
            await feed.Asked.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        var attempt = Begin(request, cluster, feed);
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            attempt.Fail();
            throw;
        }

        return attempt.Complete(response);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var cluster = client.GetStaticCluster(baseAddress: null);
        var feed = cluster is null ? FindFeed(request) : null;
        feed?.Asked.Wait(cancellationToken);

        var attempt = Begin(request, cluster, feed);
        HttpResponseMessage response;
        try
        {
            response = base.Send(request, cancellationToken);
        }
        catch
        {
            attempt.Fail();
            throw;
        }

        return attempt.Complete(response);
    }

    // Without static endpoints the request's address names the service. What is not http is for the primary handler to refuse.
    private EndpointFeed? FindFeed(HttpRequestMessage request) =>
        LogicalAddress.IsHttp(AddressOf(request).Scheme) ? client.GetFeed(AddressOf(request)) : null;

    private Attempt Begin(HttpRequestMessage request, Cluster? cluster, EndpointFeed? feed)
    {
        _ = AddressOf(request);
        if (cluster is null && (feed is null || feed.IsPassThrough))
        {
            feed?.MarkUsed();
            return Attempt.PassThrough(request);
        }

        return Attempt.Begin(request, cluster ?? feed!.Cluster, client.Settings, random, feed?.Failure);
    }

    private static Uri AddressOf(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.RequestUri is { IsAbsoluteUri: true } address
            ? address
            : throw new InvalidOperationException(
                $"The request's address, '{request.RequestUri}', is not absolute. Set HttpClient.BaseAddress, or give the request an absolute address.");
    }
}
