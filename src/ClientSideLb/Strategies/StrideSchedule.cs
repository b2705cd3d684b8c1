namespace ClientSideLb.Strategies;

/// <summary>
/// Weighted round robin without a table, after gRPC's static stride scheduler (gRFC A58). A round gives each endpoint one turn, which the
/// endpoint uses or skips. A full cycle has <c>max weight</c> rounds. In a cycle, each endpoint uses <c>weight</c> turns, evenly spaced.
/// </summary>
internal sealed class StrideSchedule
{
    private readonly int[] _weights;
    private readonly int _max;

    /// <param name="weights">At least one weight. All are above 0.</param>
    internal StrideSchedule(int[] weights)
    {
        _weights = weights;
        _max = weights.Max();
    }

    /// <summary>Takes turns until an endpoint uses its turn, and returns the index of that endpoint.</summary>
    /// <param name="turn">The latest turn, shared by all threads. On average, a call takes max ÷ mean weight turns.</param>
    internal int Next(ref long turn)
    {
        while (true)
        {
            var (round, index) = Math.DivRem((ulong)Interlocked.Increment(ref turn), (ulong)_weights.Length);

            // Each endpoint has a phase of its own, so that endpoints of equal weight skip different rounds.
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
