using System.Globalization;

namespace ClientSideLb.Simulator;

/// <summary>
/// Reads and writes times in the form that people use (<c>250us</c>, <c>10ms</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>) or that .NET uses
/// (<c>00:01:30</c>).
/// </summary>
public static class Duration
{
    private static readonly (string Unit, double Seconds)[] Units = [("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>Reads a time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The time.</param>
    /// <returns>Whether the text is a time.</returns>
    public static bool TryParse(string? text, out TimeSpan time)
    {
        time = default;
        text = text?.Trim() ?? "";
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                && count * seconds < TimeSpan.MaxValue.TotalSeconds / 2)
            {
                time = TimeSpan.FromTicks((long)Math.Round(count * seconds * TimeSpan.TicksPerSecond));
                return true;
            }
        }

        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out time);
    }

    /// <summary>Writes a time with about three digits, in a unit that fits its size.</summary>
    /// <param name="time">The time.</param>
    /// <returns>The text, such as <c>12.3 ms</c>.</returns>
    public static string Format(TimeSpan time)
    {
        var (value, unit) = time.TotalSeconds switch
        {
            0 => (0, "s"),
            < 0.001 => (time.TotalMicroseconds, "µs"),
            < 1 => (time.TotalMilliseconds, "ms"),
            < 120 => (time.TotalSeconds, "s"),
            _ => (time.TotalMinutes, "min"),
        };
        var format = value switch
        {
            0 => "0",
            < 10 => "0.00",
            < 100 => "0.0",
            _ => "0",
        };
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}";
    }
}
