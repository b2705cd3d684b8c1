namespace ClientSideLb.Dns.Lookup;

/// <summary>
/// Gives each address of an SRV target its weight. The weights are used as they are, and not by the draw of RFC 2782, which gives two equal
/// records a share of 2 : 1.
/// </summary>
/// <remarks>
/// The addresses of a target share its weight. In SRV records a weight of 0 means a very small chance, and not a drained endpoint: such a target
/// counts as a hundredth of the smallest weight above 0. If all weights are 0, the targets are equal.
/// </remarks>
internal static class SrvWeights
{
    private const int Largest = ushort.MaxValue;
    private const int LargestFactor = 1000;
    private const double ZeroPart = 0.01;
    private const double Tolerance = 1e-9;

    /// <summary>Gets the weight of each address of the targets of one priority.</summary>
    /// <param name="targets">The weight of each target, and how many addresses it has: at least one.</param>
    internal static int[] Spread(IReadOnlyList<(int Weight, int Addresses)> targets)
    {
        var smallest = targets.Where(static target => target.Weight > 0).Select(static target => target.Weight).DefaultIfEmpty(0).Min();
        var zero = smallest == 0 ? 1 : smallest * ZeroPart;
        var shares = targets.Select(target => (target.Weight > 0 ? target.Weight : zero) / target.Addresses).ToArray();
        var limit = Largest / shares.Max();
        var factor = Enumerable.Range(1, LargestFactor)
            .TakeWhile(one => one <= limit)
            .Select(static one => (double)one)
            .FirstOrDefault(one => Array.TrueForAll(shares, share => IsWhole(share * one)), Math.Min(limit, LargestFactor));
        return [.. shares.Select(share => Math.Clamp((int)Math.Round(share * factor), 1, Largest))];
    }

    private static bool IsWhole(double value) => value > 0.5 && Math.Abs(value - Math.Round(value)) < Tolerance * value;
}
