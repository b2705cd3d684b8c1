namespace ClientSideLb.Simulator.Balancing;

/// <summary>Listens to the events of a cluster that change which endpoints are used.</summary>
/// <param name="onStateChanged">Called for each event.</param>
internal sealed class StateListener(Action onStateChanged) : IClusterListener
{
    public void OnEndpointsChanged(Cluster cluster, MembershipChange change) => onStateChanged();

    public void OnEjected(Cluster cluster, ClusterEndpoint endpoint, EjectionReason reason, string description, TimeSpan duration) => onStateChanged();

    public void OnReturned(Cluster cluster, ClusterEndpoint endpoint, string reason) => onStateChanged();

    public void OnUnhealthy(Cluster cluster, ClusterEndpoint endpoint, string reason) => onStateChanged();

    public void OnHealthy(Cluster cluster, ClusterEndpoint endpoint, string reason) => onStateChanged();

    public void OnPanicBegan(Cluster cluster, int available, int count) => onStateChanged();

    public void OnPanicEnded(Cluster cluster, int available, int count) => onStateChanged();
}
