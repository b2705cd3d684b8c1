using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>Counts the results of requests, without a lock, and tells which endpoints are outliers.</summary>
internal sealed class OutlierCounter(WaitLimits limits)
{
    /// <summary>
    /// Tells whether the caller has given up a request that waited far longer than is usual for the endpoint. A request that may have waited for another
    /// request of this client, and not for the endpoint, says nothing.
    /// </summary>
    /// <param name="lease">The attempt's lease.</param>
    /// <param name="result">The result.</param>
    /// <param name="settings">The settings.</param>
    internal bool IsUnanswered(EndpointLease lease, in AttemptResult result, OutlierSettings settings) =>
        result is { Verdict: AttemptVerdict.Abandoned, IsFromPrimary: true }
        && !lease.MayBeQueued
        && result.Timestamp - lease.Started >= limits.GetForGivenUp(lease.Endpoint, settings);

    /// <summary>Tells whether the endpoint has given no sign of life in the time that a request waited too long.</summary>
    internal bool IsSilent(EndpointLease lease, in AttemptResult result, OutlierSettings settings) =>
        lease.Endpoint.Failures.IsSilent(lease.Started, lease.SignsBefore, result.Timestamp, limits.GetForGivenUp(lease.Endpoint, settings));

    /// <summary>Tells whether a reader has given up a body for which it waited far longer than is usual for the endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="waited">How long the reader waited for the next bytes, in timestamp units.</param>
    /// <param name="settings">The settings.</param>
    internal bool IsStalled(ClusterEndpoint endpoint, long waited, OutlierSettings settings) => waited >= limits.GetForGivenUp(endpoint, settings);

    /// <summary>Counts the result of an attempt, without a lock.</summary>
    /// <param name="lease">The attempt's lease.</param>
    /// <param name="result">The result. It is timed unless it is a success.</param>
    /// <param name="isUnanswered">The value of <see cref="IsUnanswered"/>.</param>
    /// <param name="isSilent">The value of <see cref="IsSilent"/>.</param>
    /// <param name="settings">The settings.</param>
    /// <returns>Why the endpoint is an outlier now, or <see langword="null"/> if it is not.</returns>
    internal static EjectionReason? Count(EndpointLease lease, in AttemptResult result, bool isUnanswered, bool isSilent, OutlierSettings settings)
    {
        var endpoint = lease.Endpoint;
        if (result.Response is not null)
        {
            endpoint.Failures.ObserveSignOfLife(result.IsTimed ? result.Timestamp : lease.Started);
        }

        if (!settings.Enabled || WasSentBeforeEjection(lease))
        {
            return null;
        }

        switch (result.Verdict)
        {
            case AttemptVerdict.Success:
                endpoint.Failures.ObserveSuccess(result.IsTimed ? result.Timestamp : lease.Started, settings);
                return null;
            case AttemptVerdict.Failure or AttemptVerdict.Refused:
                return endpoint.Failures.ObserveFailure(result.Timestamp, settings);
            default:
                return isUnanswered ? endpoint.Failures.ObserveUnanswered(isSilent, result.Timestamp, settings) : null;
        }
    }

    /// <summary>
    /// Counts the answer of an attempt as a server error or as a good one, without a lock. A single endpoint that answers with server errors is an
    /// outlier. A fault that all endpoints share is none.
    /// </summary>
    /// <param name="lease">The attempt's lease.</param>
    /// <param name="result">The result. It is timed if it is a server error.</param>
    /// <param name="isServerError">Whether it is a server error.</param>
    /// <param name="answerBefore">The timestamp of the endpoint's answer before.</param>
    /// <param name="members">The endpoints of the cluster.</param>
    /// <param name="settings">The settings.</param>
    /// <returns>Why the endpoint is an outlier now, or <see langword="null"/> if it is not.</returns>
    internal static EjectionReason? CountAnswer(
        EndpointLease lease, in AttemptResult result, bool isServerError, long answerBefore, ClusterEndpoint[] members, OutlierSettings settings)
    {
        var errors = lease.Endpoint.Failures.Errors;
        if (!settings.Enabled || result.IsJudgedByApplication || WasSentBeforeEjection(lease))
        {
            return null;
        }

        if (!isServerError)
        {
            if (result.Verdict == AttemptVerdict.Success)
            {
                errors.AddGood();
            }

            return null;
        }

        return errors.AddError(result.Timestamp, answerBefore, settings.ConsecutiveFailures)
            && GetErrorShareOfOthers(lease.Endpoint, members, errors.Began) is { } share
            && errors.StandsOut(share) ? EjectionReason.ServerErrors : null;
    }

    /// <summary>Counts a body that broke off after good headers, without a lock.</summary>
    /// <returns>Why the endpoint is an outlier now, or <see langword="null"/> if it is not.</returns>
    internal static EjectionReason? CountBrokenBody(EndpointLease lease, long now, OutlierSettings settings) =>
        settings.Enabled && !WasSentBeforeEjection(lease) ? lease.Endpoint.Failures.ObserveBrokenBody(now, settings) : null;

    // The mean over the other endpoints that have answered since the row began, or null if none has.
    private static double? GetErrorShareOfOthers(ClusterEndpoint endpoint, ClusterEndpoint[] members, long rowBegan)
    {
        var (sum, count) = (0.0, 0);
        foreach (var member in members)
        {
            if (!ReferenceEquals(member, endpoint) && member.Failures.LatestSign >= rowBegan)
            {
                sum += member.Failures.Errors.GetShareSince(rowBegan);
                count++;
            }
        }

        return count == 0 ? null : sum / count;
    }

    // A request that was sent before an ejection does not show how the endpoint works afterwards, even if the ejection has ended.
    private static bool WasSentBeforeEjection(EndpointLease lease) => lease.Started < lease.Endpoint.State.EjectedAt;
}
