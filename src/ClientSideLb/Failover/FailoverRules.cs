using ClientSideLb.Clusters;
using ClientSideLb.Configuration;
using ClientSideLb.Requests;
using ClientSideLb.Strategies;

namespace ClientSideLb.Failover;

/// <summary>Decides whether a request that failed at one endpoint moves to another.</summary>
internal static class FailoverRules
{
    /// <summary>Tells whether a request is sent to a second endpoint if the first one has not answered within the hedging delay.</summary>
    internal static bool IsHedged(HttpRequestMessage request, Route route) =>
        route.Settings.Failover is { Enabled: true, HedgingDelay: not null, MaxAttempts: > 1 } && route.Cluster is not null && Replay.IsSafe(request);

    /// <summary>
    /// Lets a request whose latest attempt failed move to another endpoint, if the rules permit it. The move is taken from the retry budget, unless
    /// the failed attempt sent nothing.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="route">The request's route.</param>
    /// <param name="attempts">The number of attempts so far.</param>
    /// <param name="result">The result of the latest attempt.</param>
    /// <param name="caller">The caller's cancellation.</param>
    /// <returns>Whether the request moves.</returns>
    internal static bool TryMove(HttpRequestMessage request, Route route, int attempts, in AttemptResult result, CancellationToken caller)
    {
        if (!result.IsFailure || caller.IsCancellationRequested || route.Cluster is not { } cluster)
        {
            return false;
        }

        return TryMove(
            route.Settings.Failover,
            cluster,
            request.GetOrAddTriedEndpoints(),
            new EndpointNeeds(LogicalAddress.IsHttpsOnly(request.RequestUri!.Scheme), Replay.IsSafe(request)),
            attempts,
            isNothingSent: !result.IsRedirected && FailureClassifier.IsNothingSent(result.Exception));
    }

    /// <summary>Applies the same rules to a request whose latest attempt failed, real or simulated.</summary>
    /// <param name="settings">The client's settings.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="tried">The endpoints that the request has been sent to.</param>
    /// <param name="needs">The request's needs.</param>
    /// <param name="attempts">The number of attempts so far.</param>
    /// <param name="isNothingSent">Whether the latest attempt failed before any of the request was sent.</param>
    /// <returns>Whether the request moves.</returns>
    internal static bool TryMove(
        FailoverSettings settings, Cluster cluster, TriedEndpoints tried, EndpointNeeds needs, int attempts, bool isNothingSent) =>
        settings.Enabled
        && attempts < settings.MaxAttempts
        && cluster.HasUntried(tried, needs.HttpsOnly)
        && (isNothingSent || (needs.IsReplayable && cluster.RetryBudget.TryTake(settings.RetryBudget, settings.MinimumRetriesPerSecond)));
}
