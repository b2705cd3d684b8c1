namespace ClientSideLb.Clusters;

/// <summary>The waiting requests that have equal needs, in the order in which they came.</summary>
internal sealed class WaitLine(WaitNeeds needs)
{
    private readonly LinkedList<Waiter> _waiters = [];

    internal WaitNeeds Needs => needs;

    /// <summary>Gets or sets the number of the latest look at which the first request found no room. Then none of the others finds any.</summary>
    internal long BlockedIn { get; set; }

    internal bool IsEmpty => _waiters.Count == 0;

    /// <summary>Gets the request that came first. The line is not empty.</summary>
    internal Waiter First => _waiters.First!.Value;

    /// <summary>Gets the request that came last. The line is not empty.</summary>
    internal Waiter Last => _waiters.Last!.Value;

    /// <summary>Adds a request. Nearly always it is the last one. A request that moves here from another line may be older than some.</summary>
    internal void Add(Waiter waiter)
    {
        var before = _waiters.Last;
        while (before is not null && before.Value.Number > waiter.Number)
        {
            before = before.Previous;
        }

        waiter.Node = before is null ? _waiters.AddFirst(waiter) : _waiters.AddAfter(before, waiter);
        waiter.Line = this;
    }

    internal void Remove(Waiter waiter)
    {
        _waiters.Remove(waiter.Node!);
        (waiter.Node, waiter.Line) = (null, null);
    }
}
