using ClientSideLb.Clusters;
using ClientSideLb.Configuration;
using ClientSideLb.Requests;
using ClientSideLb.Strategies;

namespace ClientSideLb.Failover;

/// <summary>Decides whether a request that failed at one endpoint moves to another.</summary>
internal static class FailoverRules
{
    /// <summary>Tells whether a request is sent to a second endpoint while the first one does not answer.</summary>
    internal static bool IsHedged(HttpRequestMessage request, Route route) =>
        route.Settings.Failover is { Enabled: true, HedgingDelay: not null, MaxAttempts: > 1 } && route.Cluster is not null && Replay.IsSafe(request);

    /// <summary>Lets a request move to another endpoint if it may, and takes the cost of that from the retry budget.</summary>
    /// <param name="request">The request.</param>
    /// <param name="route">Where it goes.</param>
    /// <param name="attempts">How many attempts there have been.</param>
    /// <param name="result">The result of the latest one.</param>
    /// <param name="caller">The caller's cancellation.</param>
    /// <returns>Whether it moves.</returns>
    internal static bool TryMove(HttpRequestMessage request, Route route, int attempts, in AttemptResult result, CancellationToken caller)
    {
        if (!result.IsFailure || caller.IsCancellationRequested || route.Cluster is not { } cluster)
        {
            return false;
        }

        return TryMove(
            route.Settings.Failover,
            cluster,
            request.GetTriedEndpoints(),
            new EndpointNeeds(LogicalAddress.IsHttpsOnly(request.RequestUri!.Scheme), Replay.IsSafe(request)),
            attempts,
            isNothingSent: !result.IsRedirected && FailureClassifier.IsNothingSent(result.Exception));
    }

    /// <summary>Lets a request whose latest attempt failed move if it may, and takes the cost of that from the retry budget.</summary>
    /// <param name="settings">The client's settings.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="tried">The endpoints that the request has been sent to.</param>
    /// <param name="needs">What the request needs.</param>
    /// <param name="attempts">How many attempts there have been.</param>
    /// <param name="isNothingSent">Whether nothing of the request has left this machine at the latest attempt.</param>
    /// <returns>Whether it moves.</returns>
    internal static bool TryMove(
        FailoverSettings settings, Cluster cluster, TriedEndpoints tried, EndpointNeeds needs, int attempts, bool isNothingSent) =>
        settings.Enabled
        && attempts < settings.MaxAttempts
        && cluster.HasUntried(tried, needs.HttpsOnly)
        && (isNothingSent || (needs.IsReplayable && cluster.RetryBudget.TryTake(settings.RetryBudget, settings.MinimumRetriesPerSecond)));
}
