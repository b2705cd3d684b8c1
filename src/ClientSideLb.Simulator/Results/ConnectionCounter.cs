using System.Collections;

namespace ClientSideLb.Simulator.Results;

/// <summary>Counts the pairs of a client and a backend between which there was at least one attempt. In production, each has a connection at least.</summary>
internal sealed class ConnectionCounter(int backends, int clients)
{
    private readonly BitArray _seen = new(checked(clients * backends));

    internal int Count { get; private set; }

    internal void Add(int client, int backend)
    {
        var pair = (client * backends) + backend;
        if (!_seen[pair])
        {
            _seen[pair] = true;
            Count++;
        }
    }
}
