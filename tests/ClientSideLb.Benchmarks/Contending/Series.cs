namespace ClientSideLb.Benchmarks.Contending;

/// <summary>The throughput of one work with one number of threads, round by round.</summary>
internal sealed class Series
{
    // Between things that different threads work at, so that no two of them share a cache line. Some processors fetch lines in pairs.
    private const int PaddingBytes = 256;

    private readonly List<byte[]> _padding = [];
    private readonly Action<int>[] _actions;
    private readonly TurnResult[] _turns;

    private Series(int rounds, Func<Series, IEnumerable<Action<int>>> createActions)
    {
        _turns = new TurnResult[rounds];
        _actions = [.. createActions(this)];
    }

    /// <summary>Gets what each of the threads does.</summary>
    internal IReadOnlyList<Action<int>> Actions => _actions;

    /// <summary>Gets the median of the operations a second, of all threads together.</summary>
    internal double Rate => Median.Of(_turns.Select(static turn => turn.Rate));

    /// <summary>Gets the median of the processor time that the threads got, of what they could have used.</summary>
    internal double ProcessorShare => Median.Of(_turns.Select(static turn => Math.Min(1, turn.ProcessorShare)));

    /// <summary>Gets the median time, in nanoseconds, that each thread takes for an operation.</summary>
    internal double Nanoseconds => _actions.Length * 1e9 / Rate;

    /// <summary>Makes the series of threads that all work at one thing.</summary>
    internal static Series AtOne(Work work, int threads, int rounds)
    {
        var join = work.Create();
        return new Series(rounds, _ => Enumerable.Range(0, threads).Select(join));
    }

    /// <summary>Makes the series of threads that each work at a thing of their own.</summary>
    internal static Series AtOneEach(Work work, int threads, int rounds) => new(rounds, series => Enumerable.Range(0, threads).Select(thread =>
    {
        series._padding.Add(new byte[PaddingBytes]);
        var action = work.Create()(thread);
        series._padding.Add(new byte[PaddingBytes]);
        return action;
    }));

    internal void Set(int round, TurnResult turn) => _turns[round] = turn;

    /// <summary>Compares the throughput round by round, for the turns of a round are closest in time.</summary>
    internal Estimate To(Series other) => Estimate.Of(_turns.Zip(other._turns, static (mine, its) => mine.Rate / its.Rate));
}
