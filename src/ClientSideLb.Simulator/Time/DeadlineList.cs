namespace ClientSideLb.Simulator.Time;

/// <summary>
/// Deadlines of equal length, so that they are due in the order in which they were added. Adding and removing cost O(1). A removed deadline
/// leaves nothing behind; in a heap it would stay until it is due.
/// </summary>
/// <param name="length">The time from the start to the deadline, in nanoseconds.</param>
internal sealed class DeadlineList(long length)
{
    private Deadline? _first;
    private Deadline? _last;

    /// <summary>Gets the time of the earliest deadline, or <see cref="long.MaxValue"/> if there is none.</summary>
    internal long NextTime => _first is { } first ? first.Due : long.MaxValue;

    /// <summary>Gets the earliest deadline. The list must not be empty.</summary>
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

    /// <summary>Removes a deadline if it is in the list.</summary>
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
