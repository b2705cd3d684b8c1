using System.Diagnostics;

namespace ClientSideLb.Benchmarks.Contending;

/// <summary>One turn of a series. The threads begin together, and end together: while one worked alone, nobody would contend.</summary>
internal sealed class Turn
{
    // So long that a look at the clock between two batches is nothing beside them.
    private const int Batch = 512;

    private readonly IReadOnlyList<Action<int>> _actions;
    private readonly TimeSpan _time;
    private int _ready;
    private bool _isOver;

    private Turn(IReadOnlyList<Action<int>> actions, TimeSpan time)
    {
        _actions = actions;
        _time = time;
    }

    /// <summary>Lets each thread do its work over and over for some time.</summary>
    internal static TurnResult Measure(IReadOnlyList<Action<int>> actions, TimeSpan time) => new Turn(actions, time).Measure();

    private TurnResult Measure()
    {
        var results = new TurnResult[_actions.Count];
        Thread[] threads = [.. _actions.Select((action, i) => new Thread(() => results[i] = Work(action)))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        return new TurnResult(results.Sum(static result => result.Rate), results.Min(static result => result.ProcessorShare));
    }

    private TurnResult Work(Action<int> action)
    {
        Interlocked.Increment(ref _ready);
        AwaitAll();
        var used = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var count = 0L;
        TimeSpan elapsed;
        do
        {
            action(Batch);
            count += Batch;
            elapsed = Stopwatch.GetElapsedTime(started);
        }
        while (elapsed < _time && !Volatile.Read(ref _isOver));

        Volatile.Write(ref _isOver, true);
        var share = (Environment.CpuUsage.TotalTime - used) / (elapsed * _actions.Count);
        return new TurnResult(count / elapsed.TotalSeconds, share);
    }

    // A thread that waits in the kernel may be woken late, when another one is through already.
    private void AwaitAll()
    {
        const int SpinsBeforeYield = 10_000;

        for (var i = 1; Volatile.Read(ref _ready) < _actions.Count; i++)
        {
            Thread.SpinWait(1);
            if (i % SpinsBeforeYield == 0)
            {
                Thread.Yield();
            }
        }
    }
}
