using System.Diagnostics;
using ClientSideLb.Clusters;
using ClientSideLb.Telemetry;

namespace ClientSideLb.Requests;

/// <summary>
/// Reports what happened to a request: to the metrics, the current activity and the log. Parts that have no listener cost next to nothing.
/// </summary>
internal static class RequestTelemetry
{
    /// <summary>Reports the end of an attempt.</summary>
    internal static void ReportAttempt(Route route, in AttemptResult result)
    {
        try
        {
            WriteAttempt(route, in result);
        }
        catch (Exception)
        {
            // A listener of the application threw. It must neither fail the request nor keep a lease.
        }
    }

    private static void WriteAttempt(Route route, in AttemptResult result)
    {
        var cluster = route.Cluster!;
        if (route.Telemetry.Metrics.IsTimingAttempts)
        {
            route.Telemetry.Metrics.RecordAttempt(cluster, result.Endpoint, result.Duration, GetOutcome(in result), ErrorType.Of(in result));
        }
    }

    /// <summary>Reports that a request makes another attempt at another endpoint.</summary>
    /// <param name="route">The request's route.</param>
    /// <param name="from">The endpoint of the attempt before.</param>
    /// <param name="kind">The kind of the new attempt: <c>retry</c> or <c>hedge</c>.</param>
    /// <param name="errorType">The error of the attempt before, or <see langword="null"/> if it has not ended yet.</param>
    internal static void ReportMove(Route route, ClusterEndpoint? from, string kind, string? errorType)
    {
        try
        {
            WriteMove(route, from, kind, errorType);
        }
        catch (Exception)
        {
            // A listener of the application threw. It must neither fail the request nor keep a lease.
        }
    }

    private static void WriteMove(Route route, ClusterEndpoint? from, string kind, string? errorType)
    {
        var cluster = route.Cluster!;
        if (route.Telemetry.Metrics.IsCountingFailovers)
        {
            route.Telemetry.Metrics.RecordFailover(cluster, from, kind, errorType);
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

        route.Telemetry.Logger.Moved(cluster.ShortClientName, cluster.ServiceName, from?.Location.Key, errorType ?? "no response yet");
    }

    /// <summary>Reports that a request ended for its caller.</summary>
    /// <param name="route">The request's route.</param>
    /// <param name="endpoint">The endpoint of the last attempt.</param>
    /// <param name="result">The result of the last attempt.</param>
    /// <param name="attempts">The number of attempts.</param>
    internal static void ReportRequest(Route route, ClusterEndpoint? endpoint, in AttemptResult result, int attempts)
    {
        try
        {
            WriteRequest(route, endpoint, in result, attempts);
        }
        catch (Exception)
        {
            // A listener of the application threw. It must neither fail the request nor keep a lease.
        }
    }

    private static void WriteRequest(Route route, ClusterEndpoint? endpoint, in AttemptResult result, int attempts)
    {
        if (route.Cluster is not { } cluster)
        {
            if (route.Unknown is { } unknown)
            {
                route.Telemetry.Metrics.RecordUnbalanced(unknown.ClientName, unknown.MetricName);
            }

            return;
        }

        if (route.Telemetry.Metrics.IsCountingRequests)
        {
            route.Telemetry.Metrics.RecordRequest(cluster, endpoint, GetOutcome(in result));
        }

        SetTags(cluster, endpoint, attempts);
    }

    /// <summary>Reports that a request ended because there was no endpoint to send it to.</summary>
    internal static void ReportNoEndpoint(Route route, Cluster cluster, int attempts)
    {
        try
        {
            WriteNoEndpoint(route, cluster, attempts);
        }
        catch (Exception)
        {
            // A listener of the application threw. It must neither fail the request nor keep a lease.
        }
    }

    /// <summary>Reports that a request ended because all endpoints are full.</summary>
    internal static void ReportSaturated(Route route, Cluster cluster)
    {
        try
        {
            route.Telemetry.Metrics.RecordSaturated(cluster);
        }
        catch (Exception)
        {
            // A listener of the application threw. It must neither fail the request nor keep a lease.
        }
    }

    /// <summary>Reports that a request has waited for room.</summary>
    internal static void ReportWait(Route route, TimeSpan waited, string outcome)
    {
        try
        {
            route.Telemetry.Metrics.RecordWait(route.Cluster!, waited, outcome);
        }
        catch (Exception)
        {
            // A listener of the application threw. It must neither fail the request nor keep a lease.
        }
    }

    private static void WriteNoEndpoint(Route route, Cluster cluster, int attempts)
    {
        if (route.Telemetry.Metrics.IsCountingRequests)
        {
            route.Telemetry.Metrics.RecordRequest(cluster, endpoint: null, TelemetryNames.NoEndpoint);
        }

        SetTags(cluster, endpoint: null, attempts);
    }

    private static void SetTags(Cluster cluster, ClusterEndpoint? endpoint, int attempts)
    {
        if (Activity.Current is { IsAllDataRequested: true } activity)
        {
            var attributes = EndpointAttributes.Of(cluster, endpoint);
            activity.SetTag(TelemetryNames.Client, attributes.Client);
            activity.SetTag(TelemetryNames.Service, attributes.Service);
            activity.SetTag(TelemetryNames.Strategy, cluster.Strategy);
            activity.SetTag(TelemetryNames.Endpoint, attributes.Endpoint);
            activity.SetTag(TelemetryNames.Zone, attributes.Zone);
            activity.SetTag(TelemetryNames.Priority, AttributeValues.Of(attributes.Priority));
            activity.SetTag(TelemetryNames.Attempts, attempts);
        }
    }

    private static string GetOutcome(in AttemptResult result) =>
        result.Verdict == AttemptVerdict.Abandoned ? TelemetryNames.Cancelled :
        result.IsRejected ? TelemetryNames.Rejected :
        result.IsFailure || result.Exception is not null ? TelemetryNames.Failure :
        TelemetryNames.Success;
}
