namespace ClientSideLb.Clusters;

/// <summary>
/// Computes which part of the requests each level serves, in per cent, as Envoy's priority levels do: a level serves
/// min(100, factor × available ÷ all) per cent of them if the levels before it leave that much. So with a factor of 1.4 nothing leaves a level until less
/// than 72 % of it is available.
/// </summary>
internal static class LevelShares
{
    internal const int Whole = 100;

    // 1.4 × 100 × 50 ÷ 70 may be a little below 100 in floating point, but 100 is meant.
    private const double Rounding = 1e-9;

    /// <summary>Computes the shares.</summary>
    /// <param name="levels">The number of endpoints of each level, and of those that are available.</param>
    /// <param name="factor">The overprovisioning factor, at least 1.</param>
    /// <returns>The share of each level, in per cent. Their sum is 100, unless there is no endpoint at all.</returns>
    internal static int[] Compute(IReadOnlyList<(int Available, int All)> levels, double factor)
    {
        int[] capacities = [.. levels.Select(level => GetCapacity(level, factor))];

        var total = Math.Min(Whole, capacities.Sum());
        if (total > 0)
        {
            return Divide(capacities, total);
        }

        // The available endpoints may be less than one per cent of each level. If nothing is available anywhere, all endpoints are used alike.
        int[] available = [.. levels.Select(static level => level.Available)];
        return Array.Exists(available, static count => count > 0)
            ? Divide(available, available.Sum())
            : Divide([.. levels.Select(static level => level.All)], levels.Sum(static level => level.All));
    }

    private static int GetCapacity((int Available, int All) level, double factor) =>
        level.All == 0 ? 0 : (int)Math.Min(Whole, (factor * Whole * level.Available / level.All) + Rounding);

    private static int[] Divide(int[] capacities, int total)
    {
        var shares = new int[capacities.Length];
        if (total == 0)
        {
            return shares;
        }

        var left = Whole;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = Math.Min(left, Whole * capacities[i] / total);
            left -= shares[i];
        }

        // The remainder of the integer divisions goes to the first level that serves anything.
        shares[Array.FindIndex(capacities, static capacity => capacity > 0)] += left;
        return shares;
    }
}
