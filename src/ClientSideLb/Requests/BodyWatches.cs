using System.Collections.Concurrent;

namespace ClientSideLb;

/// <summary>
/// Watches over the bodies of responses: one that its caller has dropped without a word gives its lease back after the collection that
/// noticed. Safe for many threads; a lock is taken for a new watch only.
/// </summary>
/// <remarks>
/// A finalizer at each body would do, but the collector must then look at each that was made since it last ran, also those long ended: with
/// three thousand of them it pauses half as long again. Watches are used again, and so there are about as many as there were bodies at once,
/// and one more for each thread. Each costs a collection some 15 ns, and so those of a rush hour are let go of bit by bit.
/// </remarks>
internal static class BodyWatches
{
    // How many of those that are not in use may stay whatever comes.
    private const int SpareThatStay = 256;

    private static readonly ConcurrentDictionary<BodyWatch, bool> All = new();
    private static readonly ConcurrentQueue<BodyWatch> Spare = new();

    [ThreadStatic]
    private static ThreadSpare? _threadSpare;
    private static bool _looks;

    /// <summary>Gets how many watches there are, in use or not.</summary>
    internal static int Count => All.Count;

    /// <summary>Begins to watch a body.</summary>
    /// <param name="content">The body.</param>
    /// <param name="lease">Its lease.</param>
    /// <returns>The watch, to be given to <see cref="End"/> when the lease has ended.</returns>
    internal static BodyWatch Begin(TrackedContent content, EndpointLease lease)
    {
        var watch = Take();
        watch.Begin(content, lease);
        if (!Volatile.Read(ref _looks))
        {
            LookAfterCollection();
        }

        return watch;
    }

    /// <summary>Ends a watch over a body whose lease has ended.</summary>
    internal static void End(BodyWatch watch)
    {
        watch.End();
        if (_threadSpare is { Watch: null } spare)
        {
            spare.Watch = watch;
        }
        else
        {
            Spare.Enqueue(watch);
        }
    }

    private static BodyWatch Take()
    {
        // A body most often ends on the thread on which it began, and before the next one begins there.
        var spare = _threadSpare ??= new ThreadSpare();
        if (spare.Watch is { } watch)
        {
            spare.Watch = null;
        }
        else if (!Spare.TryDequeue(out watch))
        {
            watch = new BodyWatch();
            All.TryAdd(watch, true);
        }

        return watch;
    }

    private static void LookAfterCollection()
    {
        if (!Interlocked.Exchange(ref _looks, true))
        {
            _ = new Look();
        }
    }

    // Has the bodies that were dropped give their leases back, and tells whether there are others.
    private static bool LookThrough()
    {
        var isWatching = false;
        foreach (var (watch, _) in All)
        {
            if (watch.TryRelease())
            {
                Spare.Enqueue(watch);
            }
            else
            {
                isWatching |= watch.IsWatching;
            }
        }

        return isWatching;
    }

    private static void LetGo()
    {
        for (var excess = (Spare.Count - SpareThatStay) / 2; excess > 0 && Spare.TryDequeue(out var watch); excess--)
        {
            All.TryRemove(watch, out _);
        }
    }

    /// <summary>Nobody refers to it, and so it is finalized after the next collection, of whichever generation.</summary>
    private sealed class Look
    {
        ~Look()
        {
            var isWatching = LookThrough();
            LetGo();
            if (isWatching)
            {
                _ = new Look();
                return;
            }

            // While there is no body, nothing of this goes on. A body that begins meanwhile either sees that, or is seen here: the barrier
            // stands for the one that its thread would need between its two steps.
            Volatile.Write(ref _looks, false);
            Interlocked.MemoryBarrierProcessWide();
            if (LookThrough())
            {
                LookAfterCollection();
            }
        }
    }

    /// <summary>The watch that a thread has at hand.</summary>
    private sealed class ThreadSpare
    {
        // The thread has ended.
        ~ThreadSpare()
        {
            if (Watch is { } watch)
            {
                Spare.Enqueue(watch);
            }
        }

        internal BodyWatch? Watch { get; set; }
    }
}
