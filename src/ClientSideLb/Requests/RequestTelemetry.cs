using System.Diagnostics;
using ClientSideLb.Clusters;
using ClientSideLb.Telemetry;

namespace ClientSideLb.Requests;

/// <summary>Tells metrics, the current activity and the log what happened to a request. Where nobody listens it does nothing.</summary>
internal static class RequestTelemetry
{
    /// <summary>Tells that an attempt ended.</summary>
    internal static void AttemptEnded(Route route, in AttemptResult result)
    {
        var cluster = route.Cluster!;
        if (route.Telemetry.Metrics.TimesAttempts)
        {
            route.Telemetry.Metrics.AttemptEnded(cluster, result.Endpoint, result.Duration, OutcomeOf(in result), ErrorType.Of(in result));
        }
    }

    /// <summary>Tells that a request goes on to another endpoint.</summary>
    /// <param name="route">Where it is to go.</param>
    /// <param name="from">The endpoint that it has been to.</param>
    /// <param name="kind">Why it goes on: <c>retry</c> or <c>hedge</c>.</param>
    /// <param name="errorType">What went wrong there, or <see langword="null"/> where there is no answer yet.</param>
    internal static void Moved(Route route, ClusterEndpoint? from, string kind, string? errorType)
    {
        var cluster = route.Cluster!;
        if (route.Telemetry.Metrics.CountsFailovers)
        {
            route.Telemetry.Metrics.Moved(cluster, from, kind, errorType);
        }

        if (Activity.Current is { IsAllDataRequested: true } activity)
        {
            var tags = new ActivityTagsCollection { { TelemetryNames.Endpoint, from?.Location.Key }, { TelemetryNames.FailoverKind, kind } };
            if (errorType is not null)
            {
                tags.Add(TelemetryNames.ErrorType, errorType);
            }

            activity.AddEvent(new ActivityEvent(TelemetryNames.FailoverEvent, route.Time.GetUtcNow(), tags));
        }

        route.Telemetry.Logger.Moved(cluster.ClientName, cluster.ServiceName, from?.Address, errorType ?? "no answer yet");
    }

    /// <summary>Tells that a request ended for its caller.</summary>
    /// <param name="route">Where it was to go.</param>
    /// <param name="endpoint">Where its last attempt went.</param>
    /// <param name="result">How that ended.</param>
    /// <param name="attempts">How many there were.</param>
    internal static void RequestEnded(Route route, ClusterEndpoint? endpoint, in AttemptResult result, int attempts)
    {
        if (route.Cluster is not { } cluster)
        {
            return;
        }

        if (route.Telemetry.Metrics.CountsRequests)
        {
            route.Telemetry.Metrics.RequestEnded(cluster, endpoint, OutcomeOf(in result));
        }

        Tag(cluster, endpoint, attempts);
    }

    /// <summary>Tells that a request ended because there was no endpoint to send it to.</summary>
    internal static void NoEndpoint(Route route, Cluster cluster, int attempts)
    {
        if (route.Telemetry.Metrics.CountsRequests)
        {
            route.Telemetry.Metrics.RequestEnded(cluster, endpoint: null, TelemetryNames.NoEndpoint);
        }

        Tag(cluster, endpoint: null, attempts);
    }

    private static void Tag(Cluster cluster, ClusterEndpoint? endpoint, int attempts)
    {
        if (Activity.Current is { IsAllDataRequested: true } activity)
        {
            activity.SetTag(TelemetryNames.Client, cluster.ClientName);
            activity.SetTag(TelemetryNames.Service, cluster.ServiceName);
            activity.SetTag(TelemetryNames.Strategy, cluster.Strategy);
            activity.SetTag(TelemetryNames.Endpoint, endpoint?.Location.Key);
            activity.SetTag(TelemetryNames.Attempts, attempts);
        }
    }

    private static string OutcomeOf(in AttemptResult result) =>
        result.Verdict == AttemptVerdict.Abandoned ? TelemetryNames.Cancelled :
        result.IsFailure || result.Exception is not null ? TelemetryNames.Failure :
        TelemetryNames.Success;
}
