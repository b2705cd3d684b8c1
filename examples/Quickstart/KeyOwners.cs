using ClientSideLb;

namespace Quickstart;

/// <summary>Which backend each key met before, during and after the outage.</summary>
internal sealed class KeyOwners(int keys)
{
    private readonly ClusterEndpoint?[,] _owners = new ClusterEndpoint?[Load.Phases, keys];

    internal void Record(Phase phase, int key, ClusterEndpoint owner) => _owners[(int)phase, key] = owner;

    /// <summary>Compares the phases.</summary>
    /// <param name="outage">The backend that was out.</param>
    internal KeyMoves Count(ClusterEndpoint outage)
    {
        var known = Enumerable.Range(0, keys).Where(key => Enum.GetValues<Phase>().All(phase => Owner(phase, key) is not null)).ToList();
        var moved = known.FindAll(key => Owner(Phase.During, key) != Owner(Phase.Before, key));
        return new KeyMoves(
            known.Count,
            moved.Count,
            moved.Count(key => Owner(Phase.Before, key) == outage),
            moved.Count(key => Owner(Phase.After, key) == Owner(Phase.Before, key)));
    }

    private ClusterEndpoint? Owner(Phase phase, int key) => _owners[(int)phase, key];
}
