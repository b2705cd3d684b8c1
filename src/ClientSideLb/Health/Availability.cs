namespace ClientSideLb;

/// <summary>Which of a set of endpoints may be picked: those that are not out, or in panic all but the drained.</summary>
internal readonly record struct Availability(ClusterEndpoint[] Endpoints, bool InPanic)
{
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="probed">Whether endpoints are probed: then those nothing is known of wait while any is healthy.</param>
    /// <param name="panicThreshold">The share of available endpoints below which there is panic; with none available there always is.</param>
    internal static Availability Of(ClusterEndpoint[] endpoints, bool probed, double panicThreshold)
    {
        var available = NotOut(endpoints, probed);
        if (available.Length == endpoints.Length)
        {
            return new Availability(available, InPanic: false);
        }

        var notDrained = Keep(endpoints, static endpoint => !endpoint.IsDraining);
        var inPanic = notDrained.Length > 0 && (available.Length == 0 || available.Length < panicThreshold * notDrained.Length);
        return new Availability(inPanic ? notDrained : available, inPanic);
    }

    /// <summary>Keeps the endpoints that are not out, panic or not.</summary>
    internal static ClusterEndpoint[] NotOut(ClusterEndpoint[] endpoints, bool probed)
    {
        var anyHealthy = probed && Array.Exists(endpoints, static endpoint => endpoint.Health == EndpointHealth.Healthy);
        return Keep(endpoints, endpoint => IsNotOut(endpoint.Health, anyHealthy));
    }

    private static bool IsNotOut(EndpointHealth health, bool anyHealthy) =>
        health == EndpointHealth.Healthy || (health == EndpointHealth.Unknown && !anyHealthy);

    // The same object where all are kept, so that what a strategy computed from it is not computed again.
    private static ClusterEndpoint[] Keep(ClusterEndpoint[] endpoints, Predicate<ClusterEndpoint> kept) =>
        Array.TrueForAll(endpoints, kept) ? endpoints : Array.FindAll(endpoints, kept);
}
