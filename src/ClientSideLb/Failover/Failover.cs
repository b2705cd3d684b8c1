namespace ClientSideLb;

/// <summary>Decides whether a request that failed at one endpoint may move to another.</summary>
internal static class Failover
{
    /// <summary>Tells whether a request is sent to a second endpoint while the first one does not answer.</summary>
    internal static bool IsHedged(HttpRequestMessage request, in Route route) =>
        route.Settings.Failover is { Enabled: true, HedgingDelay: not null, MaxAttempts: > 1 } && route.Cluster is not null && Replay.IsSafe(request);

    /// <summary>Tells whether the request may move, and takes what that costs from the retry budget.</summary>
    /// <param name="request">The request.</param>
    /// <param name="route">Where it is to go.</param>
    /// <param name="attempts">How many attempts there have been.</param>
    /// <param name="end">How the latest one ended.</param>
    /// <param name="caller">The caller's cancellation.</param>
    internal static bool MayMove(HttpRequestMessage request, in Route route, int attempts, in AttemptEnd end, CancellationToken caller)
    {
        var options = route.Settings.Failover;
        if (!end.Failed || !options.Enabled || attempts >= options.MaxAttempts || caller.IsCancellationRequested
            || route.Cluster is not { } cluster || !HasUntried(request, cluster))
        {
            return false;
        }

        return FailureClassifier.IsNothingSent(end.Exception)
            || (Replay.IsSafe(request) && cluster.RetryBudget.TryTake(options.RetryBudget, options.MinimumRetriesPerSecond));
    }

    private static bool HasUntried(HttpRequestMessage request, Cluster cluster) =>
        cluster.HasUntried(request.GetTriedEndpoints(), LogicalAddress.IsHttpsOnly(request.RequestUri!.Scheme));
}
