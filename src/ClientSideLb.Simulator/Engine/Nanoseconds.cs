namespace ClientSideLb.Simulator;

/// <summary>Converts times to and from the unit of the virtual clock.</summary>
internal static class Nanoseconds
{
    internal const long PerSecond = 1_000_000_000;

    private const int PerTick = 100;

    internal static long Of(TimeSpan time) => time.Ticks * PerTick;

    internal static TimeSpan ToTimeSpan(long nanoseconds) => new(nanoseconds / PerTick);

    internal static double ToSeconds(long nanoseconds) => (double)nanoseconds / PerSecond;
}
