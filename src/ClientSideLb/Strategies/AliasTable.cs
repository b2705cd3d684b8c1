namespace ClientSideLb.Strategies;

/// <summary>
/// Draws an index in proportion to its weight in O(1): the alias method of Walker in the form of M. D. Vose,
/// "A Linear Algorithm for Generating Random Numbers with a Given Distribution" (1991), in whole numbers and so without rounding.
/// </summary>
internal sealed class AliasTable
{
    // Column i holds a share of index i, up to _own[i] of _height, and above that a share of index _alias[i].
    private readonly int[] _own;
    private readonly int[] _alias;
    private readonly int _height;

    /// <param name="weights">At least one, all above 0, summing up to at most <see cref="int.MaxValue"/>.</param>
    internal AliasTable(int[] weights)
    {
        // Each of n columns is as high as the sum of all weights, so that index i fills n × weight[i] of them in all.
        var n = weights.Length;
        _height = weights.Sum();
        _own = new int[n];
        _alias = new int[n];

        var rest = new long[n];
        var small = new Stack<int>(n);
        var large = new Stack<int>(n);
        for (var i = 0; i < n; i++)
        {
            rest[i] = (long)weights[i] * n;
            (rest[i] < _height ? small : large).Push(i);
        }

        while (small.TryPop(out var low))
        {
            // While a column is not full, some index has more than fills one: what is left fills what is left exactly.
            var high = large.Pop();
            _own[low] = (int)rest[low];
            _alias[low] = high;
            rest[high] -= _height - rest[low];
            (rest[high] < _height ? small : large).Push(high);
        }

        foreach (var i in large)
        {
            _own[i] = _height;
            _alias[i] = i;
        }
    }

    internal int Draw(in PickContext context)
    {
        var column = context.Next(_own.Length);
        return context.Next(_height) < _own[column] ? column : _alias[column];
    }
}
