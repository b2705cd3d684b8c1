using ClientSideLb.Strategies;

namespace ClientSideLb;

/// <summary>An immutable view of a cluster's endpoints. A strategy makes a picker from it.</summary>
public sealed class EndpointSet
{
    private readonly Random _random;
    private readonly Lazy<bool[]?> _isAvailable;

    /// <summary>Creates a set. Use it to test a strategy.</summary>
    /// <remarks>
    /// Arrays are not copied, and must not change afterwards. Two sets that are made with the same array, or the second one with
    /// <see cref="All"/> of the first one, have the same <see cref="All"/>, as in a cluster whose members stay the same.
    /// </remarks>
    /// <param name="all">All endpoints of the cluster.</param>
    /// <param name="available">The endpoints among <paramref name="all"/> that may be picked, in the same order.</param>
    /// <param name="random">The source of the numbers for <see cref="Next"/>. If several threads pick, it must be thread-safe.</param>
    /// <param name="previousPicker">The picker that the strategy made for the set before this one, if there was one.</param>
    /// <exception cref="ArgumentNullException">An argument other than <paramref name="previousPicker"/> is <see langword="null"/>.</exception>
    public EndpointSet(
        IReadOnlyList<ClusterEndpoint> all, IReadOnlyList<ClusterEndpoint> available, Random random, EndpointPicker? previousPicker = null)
        : this(ToArray(all), ToArray(available), random, StrategySettings.Default, previousPicker)
    {
        ArgumentNullException.ThrowIfNull(random);
    }

    internal EndpointSet(
        ClusterEndpoint[] all, ClusterEndpoint[] available, Random random, StrategySettings settings, EndpointPicker? previousPicker)
    {
        AllArray = all;
        AvailableArray = available;
        Settings = settings;
        PreviousPicker = previousPicker;
        _random = random;
        _isAvailable = new Lazy<bool[]?>(MarkAvailable);
    }

    /// <summary>Gets all endpoints of the cluster, including those that may not be picked now.</summary>
    /// <remarks>The list is the same object for as long as neither membership nor a weight changes.</remarks>
    public IReadOnlyList<ClusterEndpoint> All => AllArray;

    /// <summary>Gets the endpoints that may be picked, in the order of <see cref="All"/>.</summary>
    public IReadOnlyList<ClusterEndpoint> Available => AvailableArray;

    /// <summary>
    /// Gets the picker that the same strategy made for the previous set, or <see langword="null"/>. If <see cref="All"/> is still the same
    /// object, the new picker can take over data that was costly to compute from it.
    /// </summary>
    /// <remarks>
    /// The property has a value only while the strategy makes a picker. Therefore a picker that keeps its set does not keep all earlier
    /// pickers alive.
    /// </remarks>
    public EndpointPicker? PreviousPicker { get; private set; }

    internal ClusterEndpoint[] AllArray { get; }

    internal ClusterEndpoint[] AvailableArray { get; }

    internal StrategySettings Settings { get; }

    /// <summary>Draws a random number, for example the start of a rotation: a thousand clients that start together must not all begin with endpoint 0.</summary>
    /// <param name="bound">The exclusive upper bound, above 0.</param>
    /// <returns>A random number from 0 to <paramref name="bound"/> - 1.</returns>
    public int Next(int bound) => _random.Next(bound);

    /// <summary>Tells whether an endpoint is among <see cref="Available"/>.</summary>
    /// <param name="index">The index of the endpoint in <see cref="All"/>.</param>
    /// <returns>Whether it may be picked.</returns>
    public bool IsAvailable(int index) => _isAvailable.Value is not { } marks || marks[index];

    /// <summary>
    /// Gets an array that tells for each endpoint of <see cref="All"/> whether it is among <see cref="Available"/>, or
    /// <see langword="null"/> if all are.
    /// </summary>
    internal bool[]? GetAvailableMarks() => _isAvailable.Value;

    /// <summary>Creates the same set with other available endpoints.</summary>
    internal EndpointSet With(ClusterEndpoint[] available, EndpointPicker? previousPicker) => new(AllArray, available, _random, Settings, previousPicker);

    /// <summary>Creates a set of some of the endpoints.</summary>
    internal EndpointSet Select(ClusterEndpoint[] all, ClusterEndpoint[] available, EndpointPicker? previousPicker) =>
        new(all, available, _random, Settings, previousPicker);

    /// <summary>Creates the same set with another previous picker.</summary>
    internal EndpointSet WithPreviousPicker(EndpointPicker? previousPicker) => new(AllArray, AvailableArray, _random, Settings, previousPicker);

    /// <summary>Drops the previous picker when the strategy has made the new one.</summary>
    internal void ForgetPreviousPicker() => PreviousPicker = null;

    // Both lists are in the same order, so one pass over both finds the marks.
    private bool[]? MarkAvailable()
    {
        if (AvailableArray.Length == AllArray.Length)
        {
            return null;
        }

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
        return endpoints as ClusterEndpoint[] ?? [.. endpoints];
    }
}
