using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Clients;

/// <summary>Computes the time of a client's next request.</summary>
internal abstract class ArrivalTimes
{
    /// <summary>Gets a value indicating whether the next request waits for the answer to the one before.</summary>
    internal virtual bool WaitsForAnswer => false;

    /// <summary>Gets the number of requests that a client sends side by side.</summary>
    internal virtual int Workers => 1;

    /// <summary>Creates the arrival times of each of several clients that share a rate.</summary>
    internal static ArrivalTimes Create(Arrivals arrivals, int clients) => arrivals switch
    {
        PoissonArrivals poisson => new Poisson(Nanoseconds.PerSecond / poisson.Rate * clients),
        BurstArrivals bursts => new Bursts(
            Nanoseconds.PerSecond / bursts.Rate * clients, bursts.Factor, Nanoseconds.Of(bursts.Every), Nanoseconds.Of(bursts.Length)),
        ClosedLoopArrivals loop => new ClosedLoop(loop.Workers, Nanoseconds.Of(loop.ThinkTime)),
        _ => throw new ArgumentOutOfRangeException(nameof(arrivals), arrivals, "is of an unknown kind."),
    };

    /// <summary>Draws the time of the next request.</summary>
    /// <param name="now">The time of the request before, or of its answer if <see cref="WaitsForAnswer"/> is set.</param>
    /// <param name="hasFailed">Whether the request before failed.</param>
    /// <param name="random">The source of random numbers.</param>
    internal abstract long DrawNext(long now, bool hasFailed, SeededRandom random);

    private static long DrawExponential(double mean, SeededRandom random) => (long)(-ExactMath.Log(random.NextPositive()) * mean);

    private sealed class Poisson(double interval) : ArrivalTimes
    {
        internal override long DrawNext(long now, bool hasFailed, SeededRandom random) => now + DrawExponential(interval, random);
    }

    private sealed class Bursts(double interval, double factor, long every, long length) : ArrivalTimes
    {
        internal override long DrawNext(long now, bool hasFailed, SeededRandom random)
        {
            while (true)
            {
                // A Poisson process has no memory. If the rate changes before the next request, the wait for it starts again at the change.
                var phase = now % every;
                var inBurst = now >= every && phase < length;
                var next = now + DrawExponential(inBurst ? interval / factor : interval, random);
                var change = inBurst ? now - phase + length : now - phase + every;
                if (next < change)
                {
                    return next;
                }

                now = change;
            }
        }
    }

    private sealed class ClosedLoop(int workers, long thinkTime) : ArrivalTimes
    {
        // Without a pause, a worker that is refused at once would try again for ever, and virtual time would stand still.
        private const long PauseAfterFailure = Nanoseconds.PerMillisecond;

        internal override bool WaitsForAnswer => true;

        internal override int Workers => workers;

        internal override long DrawNext(long now, bool hasFailed, SeededRandom random)
        {
            var pause = thinkTime == 0 ? 0 : DrawExponential(thinkTime, random);
            return now + (hasFailed ? Math.Max(pause, PauseAfterFailure) : pause);
        }
    }
}
