namespace ClientSideLb.Shared;

/// <summary>Pauses that double, each at random by up to a half shorter or longer, so that clients do not come back all at once.</summary>
/// <remarks>Not thread-safe. The source of randomness must be.</remarks>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    private const int MostDoublings = 30;
    private int _inRow;

    /// <summary>Gets the pause after one more failure.</summary>
    /// <param name="asked">How long the other side asks to wait, or <see langword="null"/>. No more than the longest pause is granted.</param>
    internal TimeSpan GetNext(TimeSpan? asked = null)
    {
        var pause = first * Math.Pow(2, Math.Min(_inRow, MostDoublings));
        _inRow++;
        pause = (pause < longest ? pause : longest) * (0.5 + random.NextDouble());
        return asked > pause ? (asked < longest ? asked.Value : longest) : pause;
    }

    /// <summary>Starts over after a success.</summary>
    internal void Reset() => _inRow = 0;
}
