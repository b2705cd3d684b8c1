using System.Globalization;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Writes times as options and files take them: <c>90s</c>, <c>500ms</c>.</summary>
internal static class TimeText
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
    ];

    internal static string Format(TimeSpan time)
    {
        foreach (var (unit, ticks) in time == TimeSpan.Zero ? [("s", 1)] : Units)
        {
            if (time.Ticks % ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / ticks}{unit}");
            }
        }

        return time.ToString("c", CultureInfo.InvariantCulture);
    }
}
