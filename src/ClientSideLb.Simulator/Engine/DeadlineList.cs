namespace ClientSideLb.Simulator;

/// <summary>
/// Deadlines that are all as far away from their start, so that they are due in the order in which they began. Adding and removing costs
/// O(1), and what has been removed takes no memory until it would have been due, as it would in a heap.
/// </summary>
internal sealed class DeadlineList(long length)
{
    private Deadline? _first;
    private Deadline? _last;

    /// <summary>Gets when the next one is due, or the end of time where there is none.</summary>
    internal long NextTime => _first is { } first ? first.Due : long.MaxValue;

    internal Deadline First => _first!;

    internal void Add(Deadline deadline, long now)
    {
        deadline.Due = now + length;
        deadline.IsListed = true;
        deadline.Previous = _last;
        deadline.Next = null;
        if (_last is null)
        {
            _first = deadline;
        }
        else
        {
            _last.Next = deadline;
        }

        _last = deadline;
    }

    internal void Remove(Deadline deadline)
    {
        if (!deadline.IsListed)
        {
            return;
        }

        deadline.IsListed = false;
        if (deadline.Previous is null)
        {
            _first = deadline.Next;
        }
        else
        {
            deadline.Previous.Next = deadline.Next;
        }

        if (deadline.Next is null)
        {
            _last = deadline.Previous;
        }
        else
        {
            deadline.Next.Previous = deadline.Previous;
        }
    }
}
