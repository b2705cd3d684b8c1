using ClientSideLb;

namespace Quickstart;

/// <summary>Which backend each key met before, during and after the outage.</summary>
internal sealed class KeyOwners(int keys)
{
    private readonly ClusterEndpoint?[,] _owners = new ClusterEndpoint?[Load.Phases, keys];

    internal void Record(Phase phase, int key, ClusterEndpoint owner) => _owners[(int)phase, key] = owner;

    internal KeyMoves Count()
    {
        var all = Enumerable.Range(0, keys).ToList();
        var moved = all.FindAll(key => Owner(Phase.During, key) != Owner(Phase.Before, key));
        var back = moved.FindAll(key => Owner(Phase.After, key) == Owner(Phase.Before, key));
        return new KeyMoves(keys, moved.Count, back.Count);
    }

    private ClusterEndpoint? Owner(Phase phase, int key) => _owners[(int)phase, key];
}
