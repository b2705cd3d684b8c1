using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// Receives the events of a cluster. They arrive after the change, without a lock, one at a time and in the order of the changes, on the
/// thread of a request or a writer. Exceptions of a listener are ignored, so that they cannot fail a request.
/// </summary>
internal interface IClusterListener
{
    /// <summary>The cluster has other endpoints, or the same ones with another weight, zone or name.</summary>
    void OnEndpointsChanged(Cluster cluster, MembershipChange change)
    {
    }

    /// <summary>The client uses another part of the endpoints.</summary>
    void OnSubsetChanged(Cluster cluster, int used, int listed)
    {
    }

    /// <summary>The cluster has other settings.</summary>
    void OnSettingsChanged(Cluster cluster)
    {
    }

    void OnDrained(Cluster cluster, ClusterEndpoint endpoint)
    {
    }

    void OnResumed(Cluster cluster, ClusterEndpoint endpoint)
    {
    }

    void OnEjected(Cluster cluster, ClusterEndpoint endpoint, EjectionReason reason, string description, TimeSpan duration)
    {
    }

    /// <summary>An ejection has ended.</summary>
    void OnReturned(Cluster cluster, ClusterEndpoint endpoint, string reason)
    {
    }

    void OnUnhealthy(Cluster cluster, ClusterEndpoint endpoint, string reason)
    {
    }

    /// <summary>An endpoint is no longer unhealthy.</summary>
    void OnHealthy(Cluster cluster, ClusterEndpoint endpoint, string reason)
    {
    }

    void OnPanicBegan(Cluster cluster, int available, int count)
    {
    }

    void OnPanicEnded(Cluster cluster, int available, int count)
    {
    }

    /// <summary>The levels of the cluster have other shares of the requests than before. At first, the first level serves all of them.</summary>
    void OnLevelsChanged(Cluster cluster, IReadOnlyList<ClusterLevel> levels)
    {
    }

    /// <summary>The strategy threw an exception while it made a picker. Its last picker stays in use.</summary>
    void OnStrategyFailed(Cluster cluster, Exception failure)
    {
    }

    /// <summary>
    /// The strategy's picker threw an exception while it observed an attempt's result. Further exceptions are not reported.
    /// </summary>
    void OnResultNotObserved(Cluster cluster, Exception failure)
    {
    }

    /// <summary>Service discovery has failed, and did not before.</summary>
    void OnDiscoveryFailed(Cluster cluster, string reason)
    {
    }

    void OnDiscoveryRecovered(Cluster cluster)
    {
    }

    /// <summary>A callback that the application registered with <see cref="ICluster.GetChangeToken"/> threw an exception.</summary>
    void OnChangeCallbackFailed(Cluster cluster, Exception failure)
    {
    }

    /// <summary>The strategy has made pickers for a new snapshot.</summary>
    void OnPickersMade(Cluster cluster, TimeSpan duration)
    {
    }
}
