using ClientSideLb;

namespace Showdown;

/// <summary>Records the backend of each key before, during and after the outage.</summary>
internal sealed class KeyOwners(int keys)
{
    private readonly ClusterEndpoint?[,] _owners = new ClusterEndpoint?[Load.PhaseCount, keys];

    internal void Record(Phase phase, int key, ClusterEndpoint owner) => _owners[(int)phase, key] = owner;

    /// <summary>Compares the backends of each key in the three phases.</summary>
    /// <param name="outage">The backend that was out.</param>
    internal KeyMoves Compare(ClusterEndpoint outage)
    {
        var known = Enumerable.Range(0, keys).Where(key => Enum.GetValues<Phase>().All(phase => GetOwner(phase, key) is not null)).ToList();
        var moved = known.FindAll(key => GetOwner(Phase.During, key) != GetOwner(Phase.Before, key));
        return new KeyMoves(
            known.Count,
            moved.Count,
            moved.Count(key => GetOwner(Phase.Before, key) == outage),
            moved.Count(key => GetOwner(Phase.After, key) == GetOwner(Phase.Before, key)));
    }

    private ClusterEndpoint? GetOwner(Phase phase, int key) => _owners[(int)phase, key];
}
