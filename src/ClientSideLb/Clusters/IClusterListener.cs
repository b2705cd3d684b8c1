using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// Hears what happened in a cluster. Calls come after the change, without a lock, one at a time and in the order of the changes, on the
/// thread of a request or a writer. An exception is ignored: a listener cannot harm a request.
/// </summary>
internal interface IClusterListener
{
    /// <summary>The cluster has other endpoints, or the same ones with another weight, zone or name.</summary>
    void OnEndpointsChanged(Cluster cluster, int count, int leaving)
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
    void OnReturned(Cluster cluster, ClusterEndpoint endpoint)
    {
    }

    void OnUnhealthy(Cluster cluster, ClusterEndpoint endpoint, string reason)
    {
    }

    void OnHealthy(Cluster cluster, ClusterEndpoint endpoint)
    {
    }

    void OnPanicBegan(Cluster cluster, int available, int count)
    {
    }

    void OnPanicEnded(Cluster cluster, int available, int count)
    {
    }

    /// <summary>The strategy threw an exception when it was to make a picker. Its last picker stays in use.</summary>
    void OnStrategyFailed(Cluster cluster, Exception failure)
    {
    }

    /// <summary>The strategy's picker threw an exception when it was to learn from an attempt. Further ones are not reported.</summary>
    void OnResultNotObserved(Cluster cluster, Exception failure)
    {
    }

    /// <summary>Pickers for a new snapshot are in use.</summary>
    void OnPickersMade(Cluster cluster, TimeSpan duration)
    {
    }
}
