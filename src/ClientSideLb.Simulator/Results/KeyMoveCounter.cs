namespace ClientSideLb.Simulator.Results;

/// <summary>Counts the keys whose requests go to another backend than before.</summary>
internal sealed class KeyMoveCounter
{
    private const int Unseen = -1;

    private readonly int[] _backendOf;
    private readonly bool[] _hasMoved;
    private int _seen;
    private int _moved;

    internal KeyMoveCounter(int keys)
    {
        _backendOf = new int[keys];
        _hasMoved = new bool[keys];
        Array.Fill(_backendOf, Unseen);
    }

    /// <summary>Gets the fraction of the seen keys that have moved. A key of several groups counts for each of them.</summary>
    internal static double GetShare(IReadOnlyList<KeyMoveCounter> groups) =>
        (double)groups.Sum(static group => group._moved) / Math.Max(1, groups.Sum(static group => group._seen));

    internal void Add(int key, int backend)
    {
        var before = _backendOf[key];
        _backendOf[key] = backend;
        if (before == Unseen)
        {
            _seen++;
        }
        else if (before != backend && !_hasMoved[key])
        {
            _hasMoved[key] = true;
            _moved++;
        }
    }
}
