using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>
/// Releases the lease of a response's body if the caller drops the body without disposing it. Only the body refers to its watch, so the
/// garbage collector finds both at once and runs the watch's finalizer.
/// </summary>
/// <remarks>
/// <para>
/// A finalizer on each body would do the same, but it would make garbage collections longer: the collector must visit every finalizable
/// object that was allocated since its last run, even if the body has ended. So a watch is reused for one body after another. Spare watches
/// are kept for each thread, because most bodies begin and end on the same thread.
/// </para>
/// <para>
/// A watch is reused only until the next garbage collection. A watch that has survived one is in an older generation, which is collected less
/// often, so it would release the lease of a dropped body later.
/// </para>
/// </remarks>
internal sealed class BodyWatch
{
    /// <summary>
    /// The largest number of spare watches of one thread. If bodies always begin on one thread and end on another, no spare watch is ever
    /// reused. Without a limit they would pile up, and slow down both the bodies and the garbage collections.
    /// </summary>
    internal const int MaxSpares = 64;

    // The first of this thread's spare watches, a linked list. All of them were made since the same garbage collection.
    [ThreadStatic]
    private static BodyWatch? _spare;

    private readonly int _collections;
    private BodyWatch? _nextSpare;
    private int _spares;
    private EndpointLease? _lease;

    private BodyWatch(int collections) => _collections = collections;

    // The caller dropped the body, or the watch was a spare one and has no lease.
    ~BodyWatch() => _lease?.Release();

    /// <summary>Begins to watch a body.</summary>
    /// <param name="lease">The body's lease.</param>
    /// <returns>The watch. Only the body may refer to it, until it calls <see cref="End"/>.</returns>
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

    /// <summary>Ends the watch after the lease has ended. The body calls this once and then drops its reference to the watch.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "This is not a disposal. A watch that is reused keeps its finalizer.")]
    internal void End()
    {
        _lease = null;
        var collections = GC.CollectionCount(generation: 0);

        // Older spare watches are left to the garbage collector. Otherwise they would pile up on a thread on which bodies only end.
        var next = _spare?._collections == collections ? _spare : null;
        var spares = next is null ? 1 : next._spares + 1;
        if (_collections != collections || spares > MaxSpares)
        {
            // This watch is not reused and has no lease, so its finalizer has nothing to do.
            GC.SuppressFinalize(this);
            return;
        }

        _nextSpare = next;
        _spares = spares;
        _spare = this;
    }
}
