using ClientSideLb.Clusters;
using ClientSideLb.Strategies;
using ClientSideLb.Telemetry;

namespace ClientSideLb.Requests;

/// <summary>Takes the lease of an attempt: at once if an endpoint has room, or after a wait.</summary>
internal static class Leasing
{
    /// <summary>Takes a lease on an endpoint that the request has not been sent to, or on any if it has been sent to all.</summary>
    /// <param name="request">The request.</param>
    /// <param name="route">The request's route. It has a cluster.</param>
    /// <param name="lease">The lease, or <see langword="null"/> if every endpoint has rejected requests.</param>
    /// <returns>Whether the attempt can begin. If not, the request has to wait until an endpoint has room.</returns>
    /// <exception cref="NoEndpointAvailableException">There is no endpoint to send the request to, or all are full and requests do not wait.</exception>
    internal static bool TryTake(HttpRequestMessage request, Route route, out EndpointLease? lease)
    {
        var cluster = route.Cluster!;
        var needs = NeedsOf(request);
        var tried = request.FindTriedEndpoints();
        while (true)
        {
            var snapshot = cluster.Snapshot;
            lease = cluster.AcquireUntried(route.Settings.Keys, request, tried, needs, out var shortage);
            if (lease is not null)
            {
                NoteFirst(request, tried, lease);
                return true;
            }

            if (shortage.IsFull)
            {
                return cluster.Settings.Concurrency.MayWait ? false : throw CreateSaturated(request, route, needs, wait: null);
            }

            var isRejected = cluster.IsRejecting(snapshot, needs.HttpsOnly);

            // An endpoint may have got room again meanwhile. The result of the search holds only for the state that it saw.
            if (ReferenceEquals(snapshot, cluster.Snapshot))
            {
                return isRejected ? true : throw CreateNoEndpoint(request, route, snapshot, needs);
            }
        }
    }

    /// <summary>Takes a lease for an attempt beside those of the same request that are under way. It never waits.</summary>
    /// <returns>The lease, or <see langword="null"/> if no endpoint that the request has not been sent to has room.</returns>
    internal static EndpointLease? TryTakeBeside(HttpRequestMessage request, Route route)
    {
        var tried = request.FindTriedEndpoints();
        return route.Cluster!.AcquireUntried(route.Settings.Keys, request, tried, NeedsOf(request), out _);
    }

    /// <summary>Takes a lease after <see cref="TryTake"/> has found no room, as soon as there is some.</summary>
    /// <returns>The lease, or <see langword="null"/> if every endpoint has rejected requests.</returns>
    /// <exception cref="NoEndpointAvailableException">There is no endpoint to send the request to, or the wait was in vain.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled the request.</exception>
    /// <exception cref="ObjectDisposedException">The container was disposed.</exception>
    internal static async ValueTask<EndpointLease?> WaitAsync(HttpRequestMessage request, Route route, CancellationToken caller)
    {
        EndpointLease? lease;
        do
        {
            if (TryJoin(request, route) is not { } waiter)
            {
                continue;
            }

            using (Register(waiter, caller))
            {
                await ((Task)waiter.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (TryFinish(request, route, waiter, out lease))
            {
                return lease;
            }
        }
        while (!TryTake(request, route, out lease));

        return lease;
    }

    /// <summary>Does the same as <see cref="WaitAsync"/> for a synchronous request: its thread waits.</summary>
    internal static EndpointLease? Wait(HttpRequestMessage request, Route route, CancellationToken caller)
    {
        EndpointLease? lease;
        do
        {
            if (TryJoin(request, route) is not { } waiter)
            {
                continue;
            }

            using (Register(waiter, caller))
            {
                // Unlike Wait, this does not throw if the task has failed.
                Task.WaitAny([waiter.Ended], CancellationToken.None);
            }

            if (TryFinish(request, route, waiter, out lease))
            {
                return lease;
            }
        }
        while (!TryTake(request, route, out lease));

        return lease;
    }

    private static EndpointNeeds NeedsOf(HttpRequestMessage request) =>
        new(LogicalAddress.IsHttpsOnly(request.RequestUri!.Scheme), Replay.IsSafe(request));

    private static Waiter? TryJoin(HttpRequestMessage request, Route route) =>
        route.Cluster!.Waiting.TryWait(route.Settings.Keys, request, request.FindTriedEndpoints(), NeedsOf(request));

    private static CancellationTokenRegistration Register(Waiter waiter, CancellationToken caller) =>
        caller.UnsafeRegister(static (waiter, token) => ((Waiter)waiter!).Cancel(token), waiter);

    // Returns whether the attempt can begin. If not, the request looks for an endpoint once more.
    private static bool TryFinish(HttpRequestMessage request, Route route, Waiter waiter, out EndpointLease? lease)
    {
        lease = null;
        if (!waiter.Ended.IsCompletedSuccessfully)
        {
            RequestTelemetry.ReportWait(route, route.Time.GetElapsedTime(waiter.Since), waiter.Ended.IsCanceled ? TelemetryNames.Cancelled : TelemetryNames.Failure);
        }

        var result = waiter.Ended.GetAwaiter().GetResult();
        lease = result.Lease;
        switch (result.End)
        {
            case WaitEnd.Granted:
                NoteFirst(request, request.FindTriedEndpoints(), lease!);
                RequestTelemetry.ReportWait(route, result.Waited, TelemetryNames.Success);
                return true;
            case WaitEnd.TimedOut:
                RequestTelemetry.ReportWait(route, result.Waited, TelemetryNames.Timeout);
                throw CreateSaturated(request, route, NeedsOf(request), result);
            case WaitEnd.QueueFull:
                throw CreateSaturated(request, route, NeedsOf(request), result);
            default:
                RequestTelemetry.ReportWait(route, result.Waited, TelemetryNames.NoEndpoint);
                return false;
        }
    }

    private static void NoteFirst(HttpRequestMessage request, TriedEndpoints? tried, EndpointLease lease)
    {
        if (tried is null)
        {
            request.SetFirstEndpoint(lease.Endpoint);
        }
    }

    private static NoEndpointAvailableException CreateSaturated(HttpRequestMessage request, Route route, EndpointNeeds needs, WaitResult? wait)
    {
        var cluster = route.Cluster!;
        RequestTelemetry.ReportSaturated(route, cluster);
        RequestTelemetry.ReportNoEndpoint(route, cluster, attempts: 0);
        return NoEndpointMessage.CreateSaturated(request, cluster, needs.HttpsOnly, wait);
    }

    private static NoEndpointAvailableException CreateNoEndpoint(HttpRequestMessage request, Route route, ClusterSnapshot snapshot, EndpointNeeds needs)
    {
        var cluster = route.Cluster!;
        RequestTelemetry.ReportNoEndpoint(route, cluster, attempts: 0);
        return NoEndpointMessage.CreateException(request, cluster, snapshot, needs.HttpsOnly, route.DiscoveryFailure, route.Unknown);
    }
}
