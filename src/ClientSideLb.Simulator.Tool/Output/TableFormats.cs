using System.Globalization;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Writes the values of tables.</summary>
internal static class TableFormats
{
    internal const string None = "–";

    internal static string FormatCount(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static string FormatQuantile(LatencyDistribution latency, double quantile) => latency.Count == 0 ? None : FormatMilliseconds(latency.Quantile(quantile));

    internal static string FormatRate(double rate) => rate.ToString("0.0 /s", CultureInfo.InvariantCulture);

    internal static string FormatRatio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    internal static string FormatTime(TimeSpan? time) => time is { } known ? Duration.Format(known) : None;

    internal static string FormatPercent(double part) => part switch
    {
        0 => "0 %",
        < 0.0001 => "< 0.01 %",
        < 0.1 => part.ToString("0.00 %", CultureInfo.InvariantCulture),
        _ => part.ToString("0.0 %", CultureInfo.InvariantCulture),
    };

    internal static string FormatRange(double least, double most)
    {
        var format = most < 0.02 ? "0.00" : "0.0";
        return $"{(least * 100).ToString(format, CultureInfo.InvariantCulture)} – {(most * 100).ToString(format, CultureInfo.InvariantCulture)} %";
    }

    private static string FormatMilliseconds(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 10 => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture),
        _ => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture),
    };
}
