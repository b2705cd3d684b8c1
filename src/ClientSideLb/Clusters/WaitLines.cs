namespace ClientSideLb.Clusters;

/// <summary>
/// The waiting requests of a cluster: one line for all requests with equal needs, so that a request with special needs holds up no others, and so that a look
/// takes one step for each line, however many requests wait. Most clusters have one line. Not safe for several threads.
/// </summary>
internal sealed class WaitLines
{
    private readonly Dictionary<WaitNeeds, WaitLine> _lines = [];
    private long _came;

    /// <summary>Gets how many requests wait.</summary>
    internal int Count { get; private set; }

    /// <summary>Tells whether another request with the same needs waits.</summary>
    internal bool HasLine(WaitNeeds needs) => _lines.ContainsKey(needs);

    /// <summary>Adds a request at the end.</summary>
    internal void Add(Waiter waiter, WaitNeeds needs)
    {
        waiter.Number = ++_came;
        Count++;
        GetLine(needs).Add(waiter);
    }

    internal void Remove(Waiter waiter)
    {
        Leave(waiter);
        Count--;
    }

    /// <summary>Moves a request to the line of those that wait for the same owner. It keeps its place in the order.</summary>
    internal void Move(Waiter waiter, ClusterEndpoint? owner)
    {
        var needs = waiter.Line!.Needs.WithOwner(owner);
        Leave(waiter);
        GetLine(needs).Add(waiter);
    }

    /// <summary>Moves all requests that wait for an owner to the lines of those whose owner is not known.</summary>
    internal void ForgetOwners()
    {
        foreach (var line in _lines.Values.Where(static line => line.Needs.Owner is not null).ToArray())
        {
            while (!line.IsEmpty)
            {
                Move(line.First, owner: null);
            }
        }
    }

    /// <summary>Finds the request that came first and may find room in a look at the endpoints.</summary>
    /// <param name="look">The number of the look.</param>
    internal Waiter? FindNext(long look)
    {
        Waiter? next = null;
        foreach (var line in _lines.Values)
        {
            if (line.BlockedIn != look && line.Needs.Owner is not { HasRoom: false } && !(line.First.Number > next?.Number))
            {
                next = line.First;
            }
        }

        return next;
    }

    /// <summary>Finds the request that has waited longest.</summary>
    internal Waiter? FindOldest() => _lines.Values.Select(static line => line.First).MinBy(static waiter => waiter.Number);

    /// <summary>Finds the request that came last.</summary>
    internal Waiter? FindNewest() => _lines.Values.Select(static line => line.Last).MaxBy(static waiter => waiter.Number);

    private WaitLine GetLine(WaitNeeds needs)
    {
        if (!_lines.TryGetValue(needs, out var line))
        {
            line = new WaitLine(needs);
            _lines.Add(needs, line);
        }

        return line;
    }

    private void Leave(Waiter waiter)
    {
        var line = waiter.Line!;
        line.Remove(waiter);
        if (line.IsEmpty)
        {
            _lines.Remove(line.Needs);
        }
    }
}
