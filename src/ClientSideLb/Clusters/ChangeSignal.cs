using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Clusters;

/// <summary>
/// Tells the application that a cluster has changed. Its callbacks run on the thread pool, never on the thread of a request or under a lock. Changes that
/// come before they run are reported together. Thread-safe.
/// </summary>
/// <param name="failed">Called on the thread pool if a callback has thrown.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A token source without a timer holds nothing, and the application may still use its token.")]
internal sealed class ChangeSignal(Action<Exception> failed)
{
    private CancellationTokenSource? _waiting;
    private bool _isMarked;
    private volatile bool _hasEnded;

    /// <summary>Gets a token that fires with the next change.</summary>
    internal IChangeToken GetToken()
    {
        var waiting = Volatile.Read(ref _waiting);
        if (waiting is null)
        {
            var created = new CancellationTokenSource();
            waiting = Interlocked.CompareExchange(ref _waiting, created, null) ?? created;
        }

        return new CancellationChangeToken(waiting.Token);
    }

    /// <summary>Notes a change. The caller may hold the cluster's lock.</summary>
    internal void Mark() => Volatile.Write(ref _isMarked, true);

    /// <summary>Lets the token fire if there was a change. This runs no code of the application.</summary>
    internal void Fire()
    {
        if (!Volatile.Read(ref _isMarked) || !Interlocked.Exchange(ref _isMarked, false) || _hasEnded)
        {
            return;
        }

        // The exchange above is a fence: a thread that takes a token after this one has seen none also sees the change.
        if (Volatile.Read(ref _waiting) is not null && Interlocked.Exchange(ref _waiting, null) is { } fired)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.Signal.Fire(work.Fired), (Signal: this, Fired: fired), preferLocal: false);
        }
    }

    /// <summary>Ends the signal: no token fires any more.</summary>
    internal void End() => _hasEnded = true;

    private void Fire(CancellationTokenSource fired)
    {
        if (_hasEnded)
        {
            return;
        }

        try
        {
            fired.Cancel();
        }
        catch (AggregateException failures)
        {
            failed(failures);
        }
    }
}
