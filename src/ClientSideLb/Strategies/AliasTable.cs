namespace ClientSideLb.Strategies;

/// <summary>
/// Draws an index in proportion to its weight in O(1). This is Walker's alias method in the form of M. D. Vose,
/// "A Linear Algorithm for Generating Random Numbers with a Given Distribution" (1991). It uses whole numbers, so nothing is rounded.
/// </summary>
internal sealed class AliasTable
{
    // Each column is _height high. The lower part of column i, up to _own[i], belongs to index i, and the rest to index _alias[i].
    private readonly int[] _own;
    private readonly int[] _alias;
    private readonly int _height;

    /// <param name="weights">At least one weight. All are above 0, and their sum is at most <see cref="int.MaxValue"/>.</param>
    internal AliasTable(int[] weights)
    {
        // There are n columns, each as high as the sum of all weights. So index i fills n × weights[i] of their total height.
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
            // If one index has too little left to fill a column, another has more than enough: the total that is left fills the columns
            // that are left exactly.
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

    /// <summary>Draws an index.</summary>
    internal int Draw(in PickContext context)
    {
        var column = context.Next(_own.Length);
        return context.Next(_height) < _own[column] ? column : _alias[column];
    }
}
