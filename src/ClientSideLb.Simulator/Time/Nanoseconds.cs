namespace ClientSideLb.Simulator.Time;

/// <summary>Converts times to and from nanoseconds, the unit of the virtual clock.</summary>
internal static class Nanoseconds
{
    internal const long PerSecond = 1_000_000_000;
    internal const long PerMillisecond = 1_000_000;

    private const int PerTick = 100;

    internal static long Of(TimeSpan time) => time.Ticks * PerTick;

    internal static TimeSpan ToTimeSpan(long nanoseconds) => new(nanoseconds / PerTick);
}
