namespace ClientSideLb.Simulator;

/// <summary>Notes which clients have seen the state of an endpoint change.</summary>
/// <param name="client">The client.</param>
/// <param name="news">Gets the client when there is news of it.</param>
internal sealed class StateListener(int client, Queue<int> news) : IClusterListener
{
    public void OnEndpointsChanged(Cluster cluster, int count, int leaving) => news.Enqueue(client);

    public void OnEjected(Cluster cluster, ClusterEndpoint endpoint, EjectionReason reason, string description, TimeSpan duration) => news.Enqueue(client);

    public void OnReturned(Cluster cluster, ClusterEndpoint endpoint) => news.Enqueue(client);

    public void OnUnhealthy(Cluster cluster, ClusterEndpoint endpoint, string reason) => news.Enqueue(client);

    public void OnHealthy(Cluster cluster, ClusterEndpoint endpoint) => news.Enqueue(client);

    public void OnPanicBegan(Cluster cluster, int available, int count) => news.Enqueue(client);

    public void OnPanicEnded(Cluster cluster, int available, int count) => news.Enqueue(client);
}
