namespace ClientSideLb.Consul.Watching;

/// <summary>
/// Keeps a loop of blocking queries from becoming a busy one, as Consul asks of its clients. Changes are followed closely. A loop whose answers change
/// nothing, such as those of a check whose output changes each time, asks at a slow pace. Not thread-safe.
/// </summary>
internal sealed class LoopPace(TimeProvider time)
{
    /// <summary>How often a loop may go on without a pause.</summary>
    internal const int Burst = 2;

    /// <summary>The time for one answer after the burst, if answers change nothing.</summary>
    internal static readonly TimeSpan UnchangedPeriod = TimeSpan.FromSeconds(15);

    /// <summary>The time for one answer after the burst, if each one is a change.</summary>
    internal static readonly TimeSpan ChangedPeriod = TimeSpan.FromSeconds(1);

    private readonly TokenBucket _changed = new(Burst, ChangedPeriod, time);
    private readonly TokenBucket _unchanged = new(Burst, UnchangedPeriod, time);

    /// <summary>Gets the pause after an answer that came before the end of its wait.</summary>
    internal TimeSpan GetPause(bool isChange) => (isChange ? _changed : _unchanged).Take();
}
