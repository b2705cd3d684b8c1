using System.Globalization;

namespace ClientSideLb.Benchmarks;

/// <summary>A median, and how far from it the true one may well be.</summary>
/// <param name="Median">The median of what was measured.</param>
/// <param name="Margin">
/// Half of the interval that holds the true median in 95 of 100 runs: it lies between two of the sorted values, whatever they are distributed like
/// (the sign test turned round; Conover, "Practical Nonparametric Statistics", on confidence intervals for quantiles).
/// </param>
internal readonly record struct Estimate(double Median, double Margin)
{
    // So many standard deviations to both sides hold 95 % of a normal distribution, which the rank of the true median nearly has.
    private const double Deviations = 1.96;

    internal static Estimate Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var reach = Deviations * Math.Sqrt(sorted.Length) / 2;
        var middle = (sorted.Length - 1) / 2.0;
        var low = Math.Max(0, (int)Math.Floor(middle - reach));
        var high = Math.Min(sorted.Length - 1, (int)Math.Ceiling(middle + reach));
        return new Estimate(Benchmarks.Median.Of(sorted), (sorted[high] - sorted[low]) / 2);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:0.00} ±{Margin:0.00}");
}
