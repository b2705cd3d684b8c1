namespace ClientSideLb.Endpoints;

/// <summary>Converts times to and from the units of <see cref="TimeProvider.GetTimestamp"/>.</summary>
internal static class Timestamps
{
    internal static long FromTimeSpan(TimeSpan time, TimeProvider provider) =>
        (long)(time.Ticks * ((double)provider.TimestampFrequency / TimeSpan.TicksPerSecond));

    internal static TimeSpan ToTimeSpan(long timestamp, TimeProvider provider) =>
        new((long)(timestamp * ((double)TimeSpan.TicksPerSecond / provider.TimestampFrequency)));
}
