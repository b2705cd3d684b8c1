namespace ClientSideLb.Endpoints;

/// <summary>
/// Makes an endpoint that fails look busier for a while. Otherwise one that fails at once looks idle, and the strategies that choose the least loaded
/// endpoint would send it nearly everything. It is thread-safe without a lock.
/// </summary>
/// <remarks>
/// The state is about the share of the latest attempts that failed. A failure moves it a part of the way to 1, and each further one in a row a larger
/// part, so that an endpoint that fails now and then keeps a part of its requests. A success takes a part off. The state also decays by itself, so an
/// endpoint that gets no requests is tried again. The load of the endpoint is divided by the third power of the share that succeeded.
/// </remarks>
/// <param name="count">The number of endpoints with a penalty, which the endpoints of a cluster share.</param>
internal sealed class LoadPenalty(PenaltyCount count)
{
    private const double FailureStep = 0.12;
    private const double LargestFailureStep = 0.5;
    private const double SuccessFactor = 0.85;

    // Above this the endpoint would be cut off, and below it the penalty makes no difference.
    private const double MostFailed = 0.925;
    private const double LeastFailed = 0.02;

    private const double DecayMilliseconds = 6000;

    // The high half is the time of the latest change in milliseconds, and the low half the share as a 32-bit floating-point number. 0 means no penalty.
    private long _state;
    private int _failuresInRow;

    /// <summary>Gets the count that the penalty belongs to.</summary>
    internal PenaltyCount Count => count;

    /// <summary>Gets a value indicating whether the endpoint may have a penalty.</summary>
    internal bool IsActive => Volatile.Read(ref _state) != 0;

    /// <summary>Adds a failed attempt.</summary>
    /// <param name="now">The time on the cluster's clock.</param>
    internal void AddFailure(TimeSpan now)
    {
        var step = Math.Min(LargestFailureStep, FailureStep * Interlocked.Increment(ref _failuresInRow));
        while (true)
        {
            var old = Volatile.Read(ref _state);
            var failed = Decay(old, now);
            if (TryChange(old, Math.Min(MostFailed, failed + ((1 - failed) * step)), now))
            {
                return;
            }
        }
    }

    /// <summary>Adds an attempt that succeeded. Without a penalty this does nothing.</summary>
    /// <param name="now">The time on the cluster's clock.</param>
    internal void AddSuccess(TimeSpan now)
    {
        if (Volatile.Read(ref _failuresInRow) != 0)
        {
            Volatile.Write(ref _failuresInRow, 0);
        }

        for (var old = Volatile.Read(ref _state); old != 0; old = Volatile.Read(ref _state))
        {
            if (TryChange(old, Decay(old, now) * SuccessFactor, now))
            {
                return;
            }
        }
    }

    /// <summary>Ends the penalty.</summary>
    internal void Clear()
    {
        Volatile.Write(ref _failuresInRow, 0);
        if (Interlocked.Exchange(ref _state, 0) != 0)
        {
            count.Remove();
        }
    }

    /// <summary>Gets the number of requests in flight that the endpoint looks to have.</summary>
    /// <param name="inFlight">How many it has.</param>
    /// <param name="now">The time on the cluster's clock.</param>
    internal int Apply(int inFlight, TimeSpan now)
    {
        var factor = GetFactor(now);

        // The request that looks for an endpoint counts too, so that the penalty makes a difference where none is in flight.
        return factor == 1 ? inFlight : (int)Math.Min(int.MaxValue / 2, Math.Round(((inFlight + 1.0) * factor) - 1));
    }

    /// <summary>Gets the factor by which the endpoint looks busier than it is: 1 without a penalty, and up to 2,370.</summary>
    /// <param name="now">The time on the cluster's clock.</param>
    internal double GetFactor(TimeSpan now)
    {
        var state = Volatile.Read(ref _state);
        if (state == 0)
        {
            return 1;
        }

        var failed = Decay(state, now);
        if (failed < LeastFailed)
        {
            TryChange(state, 0, now);
            return 1;
        }

        return 1 / ((1 - failed) * (1 - failed) * (1 - failed));
    }

    private static double Decay(long state, TimeSpan now)
    {
        if (state == 0)
        {
            return 0;
        }

        // The number of milliseconds wraps around after 49 days. The difference is right nevertheless.
        var passed = Math.Max(0, (int)(ToMilliseconds(now) - (uint)(state >> 32)));
        return BitConverter.Int32BitsToSingle((int)state) * Math.Exp(-passed / DecayMilliseconds);
    }

    private static uint ToMilliseconds(TimeSpan time) => (uint)(time.Ticks / TimeSpan.TicksPerMillisecond);

    private bool TryChange(long old, double failed, TimeSpan now)
    {
        var state = failed < LeastFailed ? 0 : ((long)ToMilliseconds(now) << 32) | (uint)BitConverter.SingleToInt32Bits((float)failed);
        if (Interlocked.CompareExchange(ref _state, state, old) != old)
        {
            return false;
        }

        if (old == 0 && state != 0)
        {
            count.Add();
        }
        else if (old != 0 && state == 0)
        {
            count.Remove();
        }

        return true;
    }
}
