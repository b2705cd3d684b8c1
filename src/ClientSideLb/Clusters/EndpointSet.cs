namespace ClientSideLb;

/// <summary>An immutable view of a cluster's endpoints, from which a strategy makes a picker.</summary>
public sealed class EndpointSet
{
    private readonly Random _random;

    /// <summary>Creates a set, to test a strategy with.</summary>
    /// <param name="all">All endpoints of the cluster.</param>
    /// <param name="available">Those among <paramref name="all"/> that may be picked, in the same order.</param>
    /// <param name="random">Where <see cref="Next"/> gets its numbers. It must be safe for as many threads as will pick.</param>
    public EndpointSet(IReadOnlyList<ClusterEndpoint> all, IReadOnlyList<ClusterEndpoint> available, Random random)
        : this(ToArray(all), ToArray(available), random, RingSettings.Default, previousPicker: null)
    {
        ArgumentNullException.ThrowIfNull(random);
    }

    internal EndpointSet(
        ClusterEndpoint[] all, ClusterEndpoint[] available, Random random, RingSettings ring, EndpointPicker? previousPicker)
    {
        AllArray = all;
        AvailableArray = available;
        Ring = ring;
        PreviousPicker = previousPicker;
        _random = random;
    }

    /// <summary>Gets all endpoints of the cluster, those that may not be picked now among them.</summary>
    /// <remarks>The list is the same object for as long as neither membership nor a weight changes.</remarks>
    public IReadOnlyList<ClusterEndpoint> All => AllArray;

    /// <summary>Gets the endpoints that may be picked, in the order of <see cref="All"/>.</summary>
    public IReadOnlyList<ClusterEndpoint> Available => AvailableArray;

    /// <summary>
    /// Gets the picker that the same strategy made for the set before this one, or <see langword="null"/>. What was costly to
    /// compute from <see cref="All"/> can be taken over from it where that list is still the same object.
    /// </summary>
    public EndpointPicker? PreviousPicker { get; }

    internal ClusterEndpoint[] AllArray { get; }

    internal ClusterEndpoint[] AvailableArray { get; }

    internal RingSettings Ring { get; }

    /// <summary>Draws a number, to start a rotation at: a thousand clients that start together must not all begin with endpoint 0.</summary>
    /// <param name="bound">The exclusive upper bound, above 0.</param>
    /// <returns>A random number from 0 to <paramref name="bound"/> - 1.</returns>
    public int Next(int bound) => _random.Next(bound);

    /// <summary>Tells for each of <see cref="All"/> whether it is among <see cref="Available"/>, or <see langword="null"/> where all are.</summary>
    internal bool[]? MarkAvailable()
    {
        if (AvailableArray.Length == AllArray.Length)
        {
            return null;
        }

        // Both lists are in the same order, so one walk along both will do.
        var isAvailable = new bool[AllArray.Length];
        var next = 0;
        for (var i = 0; i < AllArray.Length && next < AvailableArray.Length; i++)
        {
            if (ReferenceEquals(AllArray[i], AvailableArray[next]))
            {
                isAvailable[i] = true;
                next++;
            }
        }

        return isAvailable;
    }

    private static ClusterEndpoint[] ToArray(IReadOnlyList<ClusterEndpoint> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return [.. endpoints];
    }
}
