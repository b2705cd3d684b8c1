namespace ClientSideLb;

/// <summary>Decides whether a request that failed at one endpoint may move to another.</summary>
internal static class Failover
{
    /// <summary>Tells whether a request is sent to a second endpoint while the first one does not answer.</summary>
    internal static bool IsHedged(HttpRequestMessage request, Route route) =>
        route.Settings.Failover is { Enabled: true, HedgingDelay: not null, MaxAttempts: > 1 } && route.Cluster is not null && Replay.IsSafe(request);

    /// <summary>Tells whether the request may move, and takes what that costs from the retry budget.</summary>
    /// <param name="request">The request.</param>
    /// <param name="route">Where it is to go.</param>
    /// <param name="attempts">How many attempts there have been.</param>
    /// <param name="end">How the latest one ended.</param>
    /// <param name="caller">The caller's cancellation.</param>
    internal static bool MayMove(HttpRequestMessage request, Route route, int attempts, in AttemptEnd end, CancellationToken caller)
    {
        if (!end.Failed || caller.IsCancellationRequested || route.Cluster is not { } cluster)
        {
            return false;
        }

        return MayMove(
            route.Settings.Failover,
            cluster,
            request.GetTriedEndpoints(),
            LogicalAddress.IsHttpsOnly(request.RequestUri!.Scheme),
            attempts,
            !end.IsRedirected && FailureClassifier.IsNothingSent(end.Exception),
            Replay.IsSafe(request));
    }

    /// <summary>Tells whether a request whose latest attempt failed may move, and takes what that costs from the retry budget.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="tried">Where the request has been.</param>
    /// <param name="httpsOnly">Whether it must not go over plain http.</param>
    /// <param name="attempts">How many attempts there have been.</param>
    /// <param name="nothingSent">Whether nothing of the request has left this machine at the latest attempt.</param>
    /// <param name="replayable">Whether it can be sent again.</param>
    internal static bool MayMove(
        FailoverOptions options, Cluster cluster, TriedEndpoints tried, bool httpsOnly, int attempts, bool nothingSent, bool replayable) =>
        options.Enabled
        && attempts < options.MaxAttempts
        && cluster.HasUntried(tried, httpsOnly)
        && (nothingSent || (replayable && cluster.RetryBudget.TryTake(options.RetryBudget, options.MinimumRetriesPerSecond)));
}
