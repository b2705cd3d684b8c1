using System.Globalization;

namespace ClientSideLb.Shared;

/// <summary>
/// How log lines and messages of exceptions show a duration: the largest unit of ms, s, min, h and d of which there is at least one, and three significant
/// digits at most, such as <c>250 ms</c>, <c>9.96 s</c> or <c>1.5 min</c>.
/// </summary>
/// <remarks>Messages about options that are not valid do not use it: they repeat a time exactly, as configuration writes it.</remarks>
internal static class DurationText
{
    private const int SignificantDigits = 3;

    private static readonly (string Name, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)),
        ("min", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    internal static string Of(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0 s";
        }

        var length = Math.Abs((double)duration.Ticks);
        var sign = duration < TimeSpan.Zero ? "-" : "";
        foreach (var (name, unit) in Units)
        {
            // Rounded first, so that 999.9 ms are 1 s.
            var count = Round(length / unit.Ticks);
            if (count >= 1 || unit == Units[^1].Length)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{sign}{(decimal)count} {name}");
            }
        }

        return "";
    }

    private static double Round(double count)
    {
        var digits = SignificantDigits - 1 - (int)Math.Floor(Math.Log10(count));
        if (digits >= 0)
        {
            return Math.Round(count, Math.Min(digits, 15));
        }

        var step = Math.Pow(10, -digits);
        return Math.Round(count / step) * step;
    }
}
