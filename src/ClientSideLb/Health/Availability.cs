namespace ClientSideLb;

/// <summary>Which of a set of endpoints may be picked: those that are not out, or in panic all but the drained.</summary>
/// <param name="Endpoints">The endpoints that may be picked.</param>
/// <param name="InPanic">Whether there is panic.</param>
/// <param name="UnknownWait">Whether endpoints nothing is known of wait, because one has been probed and is healthy.</param>
internal readonly record struct Availability(ClusterEndpoint[] Endpoints, bool InPanic, bool UnknownWait)
{
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="probed">Whether endpoints are probed.</param>
    /// <param name="panicThreshold">The share of available endpoints below which there is panic; with none available there always is.</param>
    internal static Availability Of(ClusterEndpoint[] endpoints, bool probed, double panicThreshold)
    {
        var unknownWait = UnknownsWait(endpoints, probed);
        var available = Keep(endpoints, endpoint => IsNotOut(endpoint.Health, unknownWait));
        if (available.Length == endpoints.Length)
        {
            return new Availability(available, InPanic: false, unknownWait);
        }

        var notDrained = Keep(endpoints, static endpoint => !endpoint.IsDraining);
        var inPanic = notDrained.Length > 0 && (available.Length == 0 || (double)available.Length / notDrained.Length < panicThreshold);
        return new Availability(inPanic ? notDrained : available, inPanic, unknownWait);
    }

    // An answer to a request does not make the others wait: at start-up the first endpoint to answer would take all the traffic
    // until the first probes, which go out together, are back.
    internal static bool UnknownsWait(ClusterEndpoint[] endpoints, bool probed) =>
        probed && Array.Exists(endpoints, static endpoint => endpoint.Health == EndpointHealth.Healthy && endpoint.Probes.HasPassed);

    /// <summary>Tells whether an endpoint takes its share of the traffic, panic or not.</summary>
    internal static bool IsNotOut(EndpointHealth health, bool unknownWait) => health switch
    {
        EndpointHealth.Healthy => true,
        EndpointHealth.Unknown => !unknownWait,
        _ => false,
    };

    /// <summary>Tells whether an endpoint may be picked as things are at this moment.</summary>
    internal bool Permits(ClusterEndpoint endpoint) => InPanic ? !endpoint.IsDraining : IsNotOut(endpoint.Health, UnknownWait);

    // The same object where all are kept, so that what a strategy computed from it is not computed again. Each is asked once: a request
    // that is answered meanwhile changes what an endpoint says.
    private static ClusterEndpoint[] Keep(ClusterEndpoint[] endpoints, Predicate<ClusterEndpoint> isKept)
    {
        var count = Array.FindIndex(endpoints, endpoint => !isKept(endpoint));
        if (count < 0)
        {
            return endpoints;
        }

        // Nearly always just the one that was found is out.
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
