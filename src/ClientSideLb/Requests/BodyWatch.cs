using System.Diagnostics.CodeAnalysis;

namespace ClientSideLb;

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
    // Those that are free, all of one age, for the next bodies on this thread: it is most often the one on which a body both begins and ends.
    [ThreadStatic]
    private static BodyWatch? _spare;

    private readonly int _collections;
    private BodyWatch? _nextSpare;
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
        if (_collections != GC.CollectionCount(generation: 0))
        {
            // Too old to be used again, and nothing is left to be done for it.
            GC.SuppressFinalize(this);
            return;
        }

        // Older ones are left to the collector: else a thread on which bodies only end would gather ever more.
        _nextSpare = _spare?._collections == _collections ? _spare : null;
        _spare = this;
    }
}
