namespace ClientSideLb.Clusters;

/// <summary>Converts the timestamps of a <see cref="TimeProvider"/> to the times that strategies see.</summary>
internal sealed class ClusterClock(TimeProvider time)
{
    private readonly double _ticksPerTimestamp = (double)TimeSpan.TicksPerSecond / time.TimestampFrequency;

    internal long GetTimestamp() => time.GetTimestamp();

    internal long FromSeconds(int seconds) => seconds * time.TimestampFrequency;

    internal TimeSpan ToTimeSpan(long timestamp) => new((long)(timestamp * _ticksPerTimestamp));

    /// <summary>Reads the clock, and adds the end and the duration of the attempt to its result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="started">The timestamp of the pick.</param>
    internal AttemptResult AddTime(in AttemptResult result, long started)
    {
        var ended = time.GetTimestamp();
        return result with
        {
            Duration = ToTimeSpan(ended - started),
            EndedAt = ToTimeSpan(ended),
            Timestamp = ended,
            IsTimed = true,
        };
    }
}
