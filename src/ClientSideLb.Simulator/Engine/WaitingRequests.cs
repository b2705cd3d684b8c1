using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.Engine;

/// <summary>The requests that wait in the queues of their clients, in the order in which they began to wait.</summary>
internal sealed class WaitingRequests
{
    private readonly LinkedList<SimulatedRequest> _requests = [];

    internal void Add(SimulatedRequest request) => _requests.AddLast(request);

    internal void Remove(SimulatedRequest request) => _requests.Remove(request);

    /// <summary>Takes the request that began to wait first among those whose wait is over.</summary>
    internal SimulatedRequest? TakeEnded()
    {
        for (var node = _requests.First; node is not null; node = node.Next)
        {
            if (node.Value.Wait is not { Ended.IsCompleted: false })
            {
                _requests.Remove(node);
                return node.Value;
            }
        }

        return null;
    }

    /// <summary>Tells whether the wait of any request may be over, by how many the clients' queues still hold.</summary>
    internal bool MayAnyHaveEnded(IReadOnlyList<BalancedClient> clients)
    {
        if (_requests.Count == 0)
        {
            return false;
        }

        var queued = 0;
        foreach (var client in clients)
        {
            queued += client.Queued;
        }

        return queued < _requests.Count;
    }
}
