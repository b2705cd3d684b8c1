using System.Collections;

namespace ClientSideLb.Tests;

/// <summary>A list that tells when it is read from beginning to end.</summary>
internal sealed class WatchedList<T>(IReadOnlyList<T> items, Action read) : IReadOnlyList<T>
{
    public int Count => items.Count;

    public T this[int index] => items[index];

    public IEnumerator<T> GetEnumerator()
    {
        read();
        return items.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
