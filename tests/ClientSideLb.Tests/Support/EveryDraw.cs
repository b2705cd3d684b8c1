namespace ClientSideLb.Tests;

/// <summary>Gets exact probabilities: it runs code once for each sequence of numbers that the code can draw.</summary>
internal sealed class EveryDraw : Random
{
    private readonly List<(int Drawn, int Bound)> _draws = [];
    private int _next;

    private EveryDraw()
    {
    }

    /// <summary>Gets the probability of each outcome.</summary>
    internal static Dictionary<T, double> Outcomes<T>(Func<Random, T> run)
        where T : notnull
    {
        var every = new EveryDraw();
        var outcomes = new Dictionary<T, double>();
        do
        {
            every._next = 0;
            var outcome = run(every);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + every._draws.Aggregate(1.0, static (chance, draw) => chance / draw.Bound);
        }
        while (every.MoveNext());

        return outcomes;
    }

    public override int Next(int maxValue)
    {
        if (_next == _draws.Count)
        {
            _draws.Add((0, maxValue));
        }

        return _draws[_next++].Drawn;
    }

    public override int Next(int minValue, int maxValue) => throw new NotSupportedException();

    public override double NextDouble() => throw new NotSupportedException();

    private bool MoveNext()
    {
        while (_draws.Count > 0)
        {
            var (drawn, bound) = _draws[^1];
            _draws.RemoveAt(_draws.Count - 1);
            if (drawn + 1 < bound)
            {
                _draws.Add((drawn + 1, bound));
                return true;
            }
        }

        return false;
    }
}
