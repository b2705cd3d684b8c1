using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>
/// Gives the lease of one response's body back when the body has been dropped without a word. Nobody but the body refers to it meanwhile,
/// and so the collector finds both at once.
/// </summary>
/// <remarks>
/// A finalizer at each body would do, but the collector must then look at each that was made since it last ran, also those long ended: with
/// three thousand of them it pauses half as long again. Watches are used for one body after the other, and so few are made where bodies end
/// on the threads on which they begin; and only until the next collection, for one that has survived it is collected later than a new body.
/// </remarks>
internal sealed class BodyWatch
{
    /// <summary>
    /// How many are kept for one thread. Where bodies always begin on one thread and end on another they are of no use, and to keep them all
    /// until the next collection makes a body three times as dear, and pauses ten times as long.
    /// </summary>
    internal const int MostSpare = 64;

    // Those that are free, all of one age, for the next bodies on this thread: it is most often the one on which a body both begins and ends.
    [ThreadStatic]
    private static BodyWatch? _spare;

    private readonly int _collections;
    private BodyWatch? _nextSpare;
    private int _spares;
    private EndpointLease? _lease;

    private BodyWatch(int collections) => _collections = collections;

    // The body has been dropped, or the watch was spare and has got too old.
    ~BodyWatch() => _lease?.Release();

    /// <summary>Begins to watch over a body, which is the only one to keep what this returns, and until it calls <see cref="End"/>.</summary>
    /// <param name="lease">The body's lease.</param>
    internal static BodyWatch Begin(EndpointLease lease)
    {
        var collections = GC.CollectionCount(generation: 0);
        var watch = _spare;
        if (watch is null || watch._collections != collections)
        {
            _spare = null;
            watch = new BodyWatch(collections);
        }
        else
        {
            _spare = watch._nextSpare;
            watch._nextSpare = null;
        }

        watch._lease = lease;
        return watch;
    }

    /// <summary>Ends the watch, for the lease has ended. The body calls it once, and lets go of the watch.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "It is no disposal: a watch that is used again keeps its finalizer.")]
    internal void End()
    {
        _lease = null;
        var collections = GC.CollectionCount(generation: 0);

        // Older ones are left to the collector: else a thread on which bodies only end would gather ever more.
        var next = _spare?._collections == collections ? _spare : null;
        var spares = next is null ? 1 : next._spares + 1;
        if (_collections != collections || spares > MostSpare)
        {
            // It is not used again, and nothing is left to be done for it.
            GC.SuppressFinalize(this);
            return;
        }

        _nextSpare = next;
        _spares = spares;
        _spare = this;
    }
}
