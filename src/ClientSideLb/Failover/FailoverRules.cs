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
    /// <param name="attempts">The number of attempts so far that count.</param>
    /// <param name="result">The result of the latest attempt.</param>
    /// <param name="caller">The caller's cancellation.</param>
    /// <returns>Whether the request moves.</returns>
    internal static bool TryMove(HttpRequestMessage request, Route route, int attempts, in AttemptResult result, CancellationToken caller)
    {
        if (!result.MayDoBetterElsewhere || caller.IsCancellationRequested || route.Cluster is not { } cluster)
        {
            return false;
        }

        return TryMove(
            route.Settings.Failover,
            cluster,
            request.GetOrAddTriedEndpoints(),
            new EndpointNeeds(LogicalAddress.IsHttpsOnly(request.RequestUri!.Scheme), MayRepeat(request, in result)),
            attempts,
            FailureClassifier.IsUnprocessed(in result, route.Hosts));
    }

    // A request that was rejected has not been processed, so its method does not matter.
    private static bool MayRepeat(HttpRequestMessage request, in AttemptResult result) =>
        result.IsRejected ? Replay.IsRepeatable(request.Content) : Replay.IsSafe(request);

    /// <summary>Gets how much of <see cref="FailoverOptions.MaxAttempts"/> an attempt uses up: a refused connection uses nothing.</summary>
    internal static int CountAttempt(in AttemptResult result) => result.Verdict == AttemptVerdict.Refused ? 0 : 1;

    /// <summary>Applies the same rules to a request whose latest attempt failed, real or simulated.</summary>
    /// <param name="settings">The client's settings.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="tried">The endpoints that the request has been sent to.</param>
    /// <param name="needs">The request's needs.</param>
    /// <param name="attempts">The number of attempts so far that count.</param>
    /// <param name="isUnprocessed">Whether the endpoint cannot have processed the latest attempt.</param>
    /// <returns>Whether the request moves.</returns>
    internal static bool TryMove(
        FailoverSettings settings, Cluster cluster, TriedEndpoints tried, EndpointNeeds needs, int attempts, bool isUnprocessed) =>
        settings.Enabled
        && attempts < settings.MaxAttempts
        && cluster.MayMove(tried, needs.HttpsOnly)
        && (isUnprocessed || (needs.IsReplayable && cluster.RetryBudget.TryTake(settings.RetryBudget, settings.MinimumRetriesPerSecond)));

    /// <summary>
    /// Lets a request be sent to a further endpoint because the ones that it was sent to have not answered yet. Hedges have a budget of their own, of the
    /// same size, so that they use up nothing that failed requests need.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="route">The request's route.</param>
    /// <param name="attempts">The number of attempts so far that count.</param>
    /// <param name="caller">The caller's cancellation.</param>
    /// <returns>Whether it is sent.</returns>
    internal static bool TryHedge(HttpRequestMessage request, Route route, int attempts, CancellationToken caller)
    {
        var settings = route.Settings.Failover;
        return !caller.IsCancellationRequested
            && attempts < settings.MaxAttempts
            && route.Cluster is { } cluster
            && cluster.MayHedge(request.GetOrAddTriedEndpoints(), LogicalAddress.IsHttpsOnly(request.RequestUri!.Scheme))
            && cluster.RetryBudget.TryTakeHedge(settings.RetryBudget, settings.MinimumRetriesPerSecond);
    }
}
