namespace ClientSideLb.Strategies;

/// <summary>
/// Weighted round robin without a table, after gRPC's static stride scheduler (gRFC A58). Rounds go over all endpoints, and in
/// <c>max weight</c> rounds, a full cycle, each endpoint sits out all but <c>weight</c> of them, evenly spaced.
/// </summary>
internal sealed class StrideSchedule
{
    private readonly int[] _weights;
    private readonly int _max;

    /// <param name="weights">At least one, all above 0.</param>
    internal StrideSchedule(int[] weights)
    {
        _weights = weights;
        _max = weights.Max();
    }

    /// <summary>Takes turns until one is not sat out, and returns whose it is.</summary>
    /// <param name="turn">The turn taken last; shared by all threads. The expected number of turns taken is max ÷ mean weight.</param>
    internal int Next(ref long turn)
    {
        while (true)
        {
            var (round, index) = Math.DivRem((ulong)Interlocked.Increment(ref turn), (ulong)_weights.Length);

            // Endpoints of equal weight sit out different rounds: each starts its spacing elsewhere.
            var phase = (ulong)index * (ulong)_max / (ulong)_weights.Length;
            var weight = (ulong)_weights[index];
            var position = ((weight * (round % (ulong)_max)) + phase) % (ulong)_max;
            if (position + weight >= (ulong)_max)
            {
                return (int)index;
            }
        }
    }
}
