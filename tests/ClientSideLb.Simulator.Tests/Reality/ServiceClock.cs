using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Tests.Reality;

/// <summary>
/// The clock by which real backends serve. It stands still until all workers wait for an answer, and then moves on to the earliest one. So a
/// slow machine makes the run longer, but does not change its results.
/// </summary>
internal sealed class ServiceClock(int workers, int backends, TimeSpan warmUp) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SeededRandom _random = new(seed: 1, stream: 0);
    private readonly PriorityQueue<TaskCompletionSource, long> _served = new();
    private readonly SemaphoreSlim _allWait = new(0);
    private readonly long _from = Nanoseconds.Of(warmUp);
    private long _now;

    /// <summary>Gets the number of requests that each backend received after the warm-up.</summary>
    internal int[] Requests { get; } = new int[backends];

    internal bool HasEnded { get; private set; }

    /// <summary>Serves a request. The service time is exponentially distributed.</summary>
    internal Task ServeAsync(int backend, TimeSpan mean)
    {
        lock (_lock)
        {
            if (HasEnded)
            {
                return Task.CompletedTask;
            }

            Requests[backend] += _now >= _from ? 1 : 0;
            var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _served.Enqueue(answer, _now + (long)new ExponentialTime { Mean = mean }.Draw(_random));
            if (_served.Count == workers)
            {
                _allWait.Release();
            }

            return answer.Task;
        }
    }

    public void Dispose() => _allWait.Dispose();

    /// <summary>Moves the clock until the duration is over, and then answers all requests that still wait.</summary>
    internal async Task RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var end = Nanoseconds.Of(duration);
        while (!HasEnded)
        {
            await _allWait.WaitAsync(cancellationToken);
            lock (_lock)
            {
                _served.TryDequeue(out var answer, out _now);
                HasEnded = _now >= end;
                answer!.SetResult();
                while (HasEnded && _served.TryDequeue(out answer, out _))
                {
                    answer.SetResult();
                }
            }
        }
    }
}
