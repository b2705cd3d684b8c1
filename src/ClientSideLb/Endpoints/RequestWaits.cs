namespace ClientSideLb.Endpoints;

/// <summary>
/// Counts the requests that wait for one endpoint's headers. A request counts from the moment the primary handler has it. It is thread-safe without
/// a lock.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="onBegin">Called at the beginning of each wait.</param>
internal sealed class RequestWaits(TimeProvider time, Action onBegin)
{
    // The low half holds the number of requests that wait, and the high half the number of those that have ended, so that both are read at once.
    private const long Waiting = 1;
    private const long Ended = 1L << 32;

    private long _counts;

    /// <summary>Gets the clock.</summary>
    internal TimeProvider Time => time;

    internal void Begin()
    {
        Interlocked.Add(ref _counts, Waiting);
        onBegin();
    }

    internal void End() => Interlocked.Add(ref _counts, Ended - Waiting);

    /// <summary>Reads how many requests wait, and how many have ended since the endpoint is known. The second number may overflow.</summary>
    internal (int Waiting, int Ended) Read()
    {
        var counts = Interlocked.Read(ref _counts);
        return ((int)counts, (int)(counts >> 32));
    }
}
