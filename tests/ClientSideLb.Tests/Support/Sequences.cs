namespace ClientSideLb.Tests;

/// <summary>Enumerates sequences of events.</summary>
internal static class Sequences
{
    /// <summary>Gets every sequence of a length. The shorter sequences are the beginnings of these.</summary>
    internal static IEnumerable<T[]> Of<T>(IReadOnlyList<T> events, int length)
    {
        var sequence = new T[length];
        var indexes = new int[length];
        var position = 0;
        while (position >= 0)
        {
            for (var i = position; i < length; i++)
            {
                sequence[i] = events[indexes[i]];
            }

            yield return sequence;

            position = length - 1;
            while (position >= 0 && ++indexes[position] == events.Count)
            {
                indexes[position--] = 0;
            }
        }
    }

    /// <summary>Gets every interleaving of several actors' steps that keeps each actor's own order, as the indexes of the actors.</summary>
    internal static IEnumerable<int[]> Interleavings(params int[] steps)
    {
        var schedule = new int[steps.Sum()];
        var left = (int[])steps.Clone();
        return From(0);

        IEnumerable<int[]> From(int position)
        {
            if (position == schedule.Length)
            {
                yield return schedule;
                yield break;
            }

            for (var actor = 0; actor < left.Length; actor++)
            {
                if (left[actor] > 0)
                {
                    left[actor]--;
                    schedule[position] = actor;
                    foreach (var rest in From(position + 1))
                    {
                        yield return rest;
                    }

                    left[actor]++;
                }
            }
        }
    }
}
