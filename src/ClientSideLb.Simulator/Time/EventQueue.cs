namespace ClientSideLb.Simulator.Time;

/// <summary>
/// The events to come, the earliest first. It is a heap with four children for each node: such a heap is shallower than a binary one and
/// so misses the cache less often.
/// </summary>
internal sealed class EventQueue
{
    private const int Children = 4;

    private Event[] _heap = new Event[1024];
    private int _count;
    private long _order;

    /// <summary>Gets the time of the earliest event, or <see cref="long.MaxValue"/> if there is none.</summary>
    internal long NextTime => _count == 0 ? long.MaxValue : _heap[0].Time;

    internal void Push(long time, EventKind kind, int target, int stamp = 0)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _heap.Length * 2);
        }

        var added = new Event(time, _order++, kind, target, stamp);
        var i = _count++;
        while (i > 0)
        {
            var parent = (i - 1) / Children;
            if (!added.IsBefore(in _heap[parent]))
            {
                break;
            }

            _heap[i] = _heap[parent];
            i = parent;
        }

        _heap[i] = added;
    }

    /// <summary>Removes the earliest event and returns it. The queue must not be empty.</summary>
    internal Event Pop()
    {
        var earliest = _heap[0];
        var last = _heap[--_count];
        var i = 0;
        while (true)
        {
            var child = (i * Children) + 1;
            if (child >= _count)
            {
                break;
            }

            var end = Math.Min(child + Children, _count);
            var least = child;
            for (child++; child < end; child++)
            {
                if (_heap[child].IsBefore(in _heap[least]))
                {
                    least = child;
                }
            }

            if (!_heap[least].IsBefore(in last))
            {
                break;
            }

            _heap[i] = _heap[least];
            i = least;
        }

        _heap[i] = last;
        return earliest;
    }
}
