namespace ClientSideLb;

/// <summary>
/// Gives back the lease of a response that was dropped without a word: the collector is then the only one to notice. A response's content
/// holds a watch for as long as its body lasts.
/// </summary>
/// <remarks>
/// Watches are used again. A finalizable object for each response, dismissed in the end, costs about 50 ns more than this: such an object
/// is allocated on the slow path and registered under a lock.
/// </remarks>
internal sealed class AbandonmentWatch
{
    private const int IdleKept = 64;

    private static readonly AbandonmentWatch?[] Idle = new AbandonmentWatch?[IdleKept];

    [ThreadStatic]
    private static AbandonmentWatch? _idleHere;

    private EndpointLease? _lease;

    // One that ended when enough were idle is dropped, and has nothing to give back.
    ~AbandonmentWatch() => _lease?.Release();

    /// <summary>Begins to watch.</summary>
    internal static AbandonmentWatch Over(EndpointLease lease)
    {
        var watch = _idleHere;
        if (watch is not null)
        {
            _idleHere = null;
        }
        else
        {
            watch = TakeIdle() ?? new AbandonmentWatch();
        }

        watch._lease = lease;
        return watch;
    }

    /// <summary>Ends the watch, which its holder must then forget: it may be another's at once.</summary>
    internal void End()
    {
        _lease = null;
        if (_idleHere is null)
        {
            _idleHere = this;
            return;
        }

        for (var i = 0; i < IdleKept; i++)
        {
            if (Volatile.Read(ref Idle[i]) is null && Interlocked.CompareExchange(ref Idle[i], this, null) is null)
            {
                return;
            }
        }
    }

    // Responses begin and end on different threads, so that some threads have watches to spare that others lack.
    private static AbandonmentWatch? TakeIdle()
    {
        for (var i = 0; i < IdleKept; i++)
        {
            if (Volatile.Read(ref Idle[i]) is not null && Interlocked.Exchange(ref Idle[i], null) is { } watch)
            {
                return watch;
            }
        }

        return null;
    }
}
