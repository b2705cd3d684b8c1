using System.Numerics;

namespace ClientSideLb.Simulator;

/// <summary>A queue in a ring that grows when it must. Unlike <see cref="Queue{T}"/> it lends its first element by reference.</summary>
internal sealed class FifoQueue<T>
{
    private T[] _ring = new T[16];
    private int _head;

    internal int Count { get; private set; }

    /// <summary>Gets the first element. There must be one.</summary>
    internal ref readonly T First => ref _ring[_head];

    internal void Enqueue(in T item)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_head + Count) & (_ring.Length - 1)] = item;
        Count++;
    }

    internal T Dequeue()
    {
        var item = _ring[_head];
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        return item;
    }

    private void Grow()
    {
        var larger = new T[BitOperations.RoundUpToPowerOf2((uint)_ring.Length + 1)];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        _ring = larger;
        _head = 0;
    }
}
