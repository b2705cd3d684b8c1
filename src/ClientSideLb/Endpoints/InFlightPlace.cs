namespace ClientSideLb.Endpoints;

/// <summary>Where one endpoint counts its requests in flight.</summary>
/// <param name="Counts">The counts, of which others belong to other endpoints of the cluster.</param>
/// <param name="Index">The endpoint's own.</param>
internal readonly record struct InFlightPlace(int[] Counts, int Index)
{
    /// <summary>Gets the count, to be read and changed atomically.</summary>
    internal ref int Count => ref Counts[Index];

    /// <summary>Makes the place of an endpoint that belongs to no cluster.</summary>
    internal static InFlightPlace Alone(int count = 0) => new([count], 0);
}
