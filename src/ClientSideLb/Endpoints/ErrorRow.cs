namespace ClientSideLb.Endpoints;

/// <summary>
/// Counts the server errors of one endpoint in a row, and their share of its latest answers. Errors that all endpoints share are no outlier, so the
/// counts only mean something beside those of other endpoints. It is thread-safe without a lock. A few counts may be lost.
/// </summary>
internal sealed class ErrorRow
{
    // The share is that of about the latest 20 answers.
    private const float Weight = 1 / 20f;

    // A row is no chance if it would be one in a hundred million.
    private const double ChanceDigits = 8;

    // No share is known so exactly that none of the answers could have been an error.
    private const double Uncertainty = 0.02;

    private float _share;
    private int _length;
    private int _nextCheck;
    private long _began;
    private long _goodUntil;

    /// <summary>Gets the number of errors since the latest good answer.</summary>
    internal int Length => Volatile.Read(ref _length);

    /// <summary>Gets the timestamp of the first error in the row.</summary>
    internal long Began => Volatile.Read(ref _began);

    /// <summary>Counts an answer without a server error.</summary>
    internal void AddGood()
    {
        // Most endpoints have had no error for a long time. Without a write, the cache line stays shared between the cores.
        if (_share > 0)
        {
            _share = _share < 0.001f ? 0 : _share * (1 - Weight);
        }

        if (_length != 0)
        {
            _length = 0;
        }
    }

    /// <summary>Counts a server error.</summary>
    /// <param name="time">The timestamp.</param>
    /// <param name="answerBefore">The timestamp of the answer before.</param>
    /// <param name="shortest">The least length of a row that is to be checked.</param>
    /// <returns>Whether the row is long enough to be compared with the other endpoints.</returns>
    internal bool AddError(long time, long answerBefore, int shortest)
    {
        _share += (1 - _share) * Weight;
        var length = Interlocked.Increment(ref _length);
        if (length == 1)
        {
            Volatile.Write(ref _goodUntil, answerBefore);
            Volatile.Write(ref _began, time);
            Volatile.Write(ref _nextCheck, 0);
        }

        return length >= Math.Max(shortest, Volatile.Read(ref _nextCheck));
    }

    /// <summary>Gets the share of errors among this endpoint's answers since the row of another endpoint began.</summary>
    /// <param name="rowBegan">The timestamp of the first error in that row.</param>
    internal double GetShareSince(long rowBegan) => Length > 0 && Volatile.Read(ref _goodUntil) < rowBegan ? 1 : _share;

    /// <summary>Tells whether the row is so long that the endpoint does not fail as the others do, but stands out from them.</summary>
    /// <param name="share">The share of errors at the other endpoints.</param>
    internal bool StandsOut(double share)
    {
        var length = Length;
        var chance = share + Uncertainty;
        var needed = chance < 1 ? ChanceDigits / -Math.Log10(chance) : double.MaxValue;
        if (length >= needed)
        {
            return true;
        }

        // A comparison looks at all endpoints, so it is not repeated for each error.
        Volatile.Write(ref _nextCheck, length + Math.Max(1, length / 4));
        return false;
    }

    /// <summary>Resets the counts. Called when the endpoint is ejected and when it returns.</summary>
    internal void Clear()
    {
        Volatile.Write(ref _length, 0);
        Volatile.Write(ref _share, 0);
    }
}
