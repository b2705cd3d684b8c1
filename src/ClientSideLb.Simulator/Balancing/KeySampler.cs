using ClientSideLb.Simulator.Randomness;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>Draws the keys of requests by their popularity.</summary>
internal sealed class KeySampler
{
    // The weights of the alias table are whole numbers. At a skew of 1, the least popular of 10 million keys still gets several units of these.
    private const double Units = 1e9;

    private readonly int _count;
    private readonly AliasTable? _table;

    internal KeySampler(KeyPopularity popularity)
    {
        _count = popularity.Count;
        if (popularity.Skew > 0)
        {
            var shares = new double[_count];
            var sum = 0.0;
            for (var i = 0; i < _count; i++)
            {
                sum += shares[i] = ExactMath.Pow(i + 1, -popularity.Skew);
            }

            _table = new AliasTable(Array.ConvertAll(shares, share => Math.Max(1, (int)(share / sum * Units))));
        }
    }

    internal int Draw(SeededRandom random) => _table is null ? random.Next(_count) : _table.Draw(new PickContext(random));
}
