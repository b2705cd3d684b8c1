using ClientSideLb.Configuration;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// Sets the limit of each endpoint: in proportion to the weights, and growing during slow start. An adaptive limit is never above that. The cluster's writer
/// uses it under its lock.
/// </summary>
internal sealed class EndpointLimits(Lock clusterLock, ClusterMembership membership, Random random)
{
    private bool _areSet;

    /// <summary>Sets the limits by the present settings, weights and ramps.</summary>
    internal void ApplyLocked(ConcurrencySettings settings)
    {
        clusterLock.AssertHeld();
        if (!settings.HasLimits && !_areSet)
        {
            return;
        }

        _areSet = settings.HasLimits;
        Func<Action<int>, AdaptiveLimit>? adaptation = settings.Adaptive ? apply => new AdaptiveLimit(apply, random.NextDouble()) : null;
        var greatest = membership.Listed.Length == 0 ? 0 : membership.Listed.Max(static endpoint => endpoint.Weight);
        foreach (var endpoint in membership.Listed)
        {
            endpoint.SetLimit(Of(endpoint, greatest, settings.MaxInFlight), adaptation);
        }

        // They get no new requests. Their limits are only shown.
        foreach (var endpoint in membership.Leaving)
        {
            endpoint.SetLimit(Of(endpoint, Math.Max(greatest, endpoint.Weight), settings.MaxInFlight), adaptation);
        }
    }

    private static int? Of(ClusterEndpoint endpoint, int greatest, int? most)
    {
        if (most is not { } limit)
        {
            return null;
        }

        var share = greatest == 0 ? limit : (long)limit * endpoint.Weight / greatest;
        return (int)Math.Max(1, Math.Max(1, share) * endpoint.Record.Ramp.Percent / SlowStartRamp.FullPercent);
    }
}
