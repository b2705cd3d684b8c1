using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// Decides which endpoints of a view may be picked: those that are not out. In panic, all may be picked, except for those that are drained or have rejected a
/// request because they had no room.
/// </summary>
/// <param name="Endpoints">The endpoints that may be picked.</param>
/// <param name="Count">The number of endpoints that are not out. In panic, more may be picked.</param>
/// <param name="InPanic">Whether too few endpoints are available, so that all may be picked that are not barred from all requests.</param>
/// <param name="UnknownsWait">Whether endpoints of unknown health get no requests, because the probes of another one have passed.</param>
internal readonly record struct Availability(ClusterEndpoint[] Endpoints, int Count, bool InPanic, bool UnknownsWait)
{
    /// <summary>Computes the availability from the writer's records. Only the cluster's writer may call this.</summary>
    /// <param name="endpoints">The endpoints of the view.</param>
    /// <param name="levels">The levels of the view, or <see langword="null"/> if there is only one.</param>
    /// <param name="probed">Whether endpoints are probed.</param>
    /// <param name="panicThreshold">
    /// The share of available endpoints below which panic begins. If none is available, there is always panic. With several levels, there is panic only
    /// then, because a level that has too few leaves requests to the next one.
    /// </param>
    internal static Availability Of(ClusterEndpoint[] endpoints, Level[]? levels, bool probed, double panicThreshold)
    {
        var unknownsWait = probed && Array.Exists(endpoints, HasPassedProbes) && (levels is null || Array.TrueForAll(levels, MayUnknownsWait));
        var available = Keep(endpoints, endpoint => IsAvailable(endpoint.Record, unknownsWait));
        var isOutage = available.Length > 0 && Array.TrueForAll(available, static endpoint => endpoint.Record.IsSuspect);
        if (available.Length == endpoints.Length && !isOutage)
        {
            return new Availability(available, available.Length, InPanic: false, unknownsWait);
        }

        var notBarred = CountNotBarred(endpoints);
        var tooFew = available.Length == 0 || (levels is null && (double)available.Length / notBarred < panicThreshold);
        var inPanic = notBarred > 0 && (tooFew || isOutage);
        return new Availability(
            inPanic ? Keep(endpoints, static endpoint => !endpoint.Record.IsBarred) : available, available.Length, inPanic, unknownsWait);
    }

    /// <summary>Tells whether an endpoint gets its share of the traffic outside of panic. Only the cluster's writer may call it.</summary>
    internal static bool IsAvailable(EndpointRecord record, bool unknownsWait) => IsAvailable(record.Health, unknownsWait);

    /// <summary>Tells whether an endpoint with a state may be picked.</summary>
    internal bool Permits(EndpointState state) => Permits(state.Health, state.IsBarred);

    /// <summary>Tells whether an endpoint may be picked. Only the cluster's writer may call it.</summary>
    internal bool Permits(EndpointRecord record) => Permits(record.Health, record.IsBarred);

    private bool Permits(EndpointHealth health, bool isBarred) => InPanic ? !isBarred : IsAvailable(health, UnknownsWait);

    private static bool IsAvailable(EndpointHealth health, bool unknownsWait) => health switch
    {
        EndpointHealth.Healthy => true,
        EndpointHealth.Unknown => !unknownsWait,
        _ => false,
    };

    // At start-up the probes of one level may pass before those of another one. That must not send all the traffic to the first.
    private static bool MayUnknownsWait(Level level) =>
        Array.Exists(level.Endpoints, HasPassedProbes) || !Array.Exists(level.Endpoints, static endpoint => endpoint.Record.Health == EndpointHealth.Unknown);

    // An answered request is not enough to make the others wait. Otherwise, at start-up, the first endpoint that answers would get all the
    // traffic until the results of the first probes arrive.
    private static bool HasPassedProbes(ClusterEndpoint endpoint) =>
        endpoint.Record.HasPassedProbes && endpoint.Record.Health == EndpointHealth.Healthy;

    private static int CountNotBarred(ClusterEndpoint[] endpoints)
    {
        var count = 0;
        foreach (var endpoint in endpoints)
        {
            count += endpoint.Record.IsBarred ? 0 : 1;
        }

        return count;
    }

    // Returns the same array if all are kept, so that a strategy can keep what it computed from it.
    private static ClusterEndpoint[] Keep(ClusterEndpoint[] endpoints, Predicate<ClusterEndpoint> isKept)
    {
        var count = 0;
        while (count < endpoints.Length && isKept(endpoints[count]))
        {
            count++;
        }

        if (count == endpoints.Length)
        {
            return endpoints;
        }

        var kept = new ClusterEndpoint[endpoints.Length - 1];
        Array.Copy(endpoints, kept, count);
        for (var i = count + 1; i < endpoints.Length; i++)
        {
            if (isKept(endpoints[i]))
            {
                kept[count++] = endpoints[i];
            }
        }

        Array.Resize(ref kept, count);
        return kept;
    }
}
