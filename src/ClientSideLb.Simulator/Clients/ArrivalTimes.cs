namespace ClientSideLb.Simulator;

/// <summary>When one client sends its next request.</summary>
internal abstract class ArrivalTimes
{
    /// <summary>Makes the arrival times of one of several clients that share a rate.</summary>
    internal static ArrivalTimes Of(Arrivals arrivals, int clients) => arrivals switch
    {
        PoissonArrivals poisson => new Poisson(Nanoseconds.PerSecond / poisson.Rate * clients),
        BurstArrivals bursts => new Bursts(
            Nanoseconds.PerSecond / bursts.Rate * clients, bursts.Factor, Nanoseconds.Of(bursts.Every), Nanoseconds.Of(bursts.Length)),
        ClosedLoopArrivals loop => new ClosedLoop(Nanoseconds.Of(loop.ThinkTime)),
        _ => throw new ArgumentOutOfRangeException(nameof(arrivals), arrivals, "is of a kind that is not known."),
    };

    /// <summary>Gets a value indicating whether the next request waits for the answer to the one before.</summary>
    internal virtual bool WaitsForAnswer => false;

    /// <summary>Gets when the next request comes, after one that came, or was answered, now.</summary>
    internal abstract long Next(long now, bool hasFailed, SeededRandom random);

    private static long Exponential(double mean, SeededRandom random) => (long)(-ExactMath.Log(random.NextPositive()) * mean);

    private sealed class Poisson(double interval) : ArrivalTimes
    {
        internal override long Next(long now, bool hasFailed, SeededRandom random) => now + Exponential(interval, random);
    }

    private sealed class Bursts(double interval, double factor, long every, long length) : ArrivalTimes
    {
        internal override long Next(long now, bool hasFailed, SeededRandom random)
        {
            while (true)
            {
                // A Poisson process has no memory: where the rate changes before the next request, the wait for it starts anew.
                var phase = now % every;
                var inBurst = now >= every && phase < length;
                var next = now + Exponential(inBurst ? interval / factor : interval, random);
                var change = inBurst ? now - phase + length : now - phase + every;
                if (next < change)
                {
                    return next;
                }

                now = change;
            }
        }
    }

    private sealed class ClosedLoop(long thinkTime) : ArrivalTimes
    {
        // Who is refused at once must not ask again at the same instant for ever.
        private const long PauseAfterFailure = 1_000_000;

        internal override bool WaitsForAnswer => true;

        internal override long Next(long now, bool hasFailed, SeededRandom random)
        {
            var pause = thinkTime == 0 ? 0 : Exponential(thinkTime, random);
            return now + (hasFailed ? Math.Max(pause, PauseAfterFailure) : pause);
        }
    }
}
