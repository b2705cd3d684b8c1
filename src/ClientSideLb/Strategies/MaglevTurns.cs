namespace ClientSideLb.Strategies;

/// <summary>
/// The order in which endpoints take the slots of a Maglev table. In each round, those of the greatest weight take one slot, those of half
/// of it one slot in two rounds, and so on.
/// </summary>
/// <remarks>
/// Envoy visits every endpoint in every round, and passes over those whose turn it is not. If one endpoint is much heavier than thousands of
/// others, nearly all of these visits are in vain. Then a queue holds the next round of each endpoint. The arithmetic is that of Envoy,
/// rounding included, because a turn that falls into another round would change the slots.
/// </remarks>
internal sealed class MaglevTurns
{
    // A turn by the queue takes about as long as this many visits.
    private const int VisitsPerTurn = 32;

    private readonly double[] _shares;
    private readonly double[] _targets;
    private readonly double _greatest;

    // The priority is the round in the upper half, and the endpoint in the lower one.
    private readonly PriorityQueue<int, long>? _queue;
    private int _next;
    private long _round = 1;

    /// <param name="weights">The weights, all above 0, in the order in which endpoints take turns within a round.</param>
    internal MaglevTurns(int[] weights)
    {
        var sum = (double)weights.Sum(static weight => (long)weight);
        _shares = Array.ConvertAll(weights, weight => weight / sum);
        _targets = new double[weights.Length];
        _greatest = _shares.Max();

        // The sum of the shares is 1, so this is the greatest weight divided by the mean.
        if (_greatest * weights.Length > VisitsPerTurn)
        {
            _queue = new PriorityQueue<int, long>(Enumerable.Range(0, weights.Length).Select(static i => (i, Priority(round: 1, i))));
        }
    }

    /// <summary>Gets the index of the endpoint that takes the next slot.</summary>
    internal int Next() => _queue is null ? Visit() : Dequeue(_queue);

    private static long Priority(long round, int endpoint) => (round << 32) | (uint)endpoint;

    private int Visit()
    {
        while (true)
        {
            var (endpoint, round) = (_next++, _round);
            if (_next == _shares.Length)
            {
                _next = 0;
                _round++;
            }

            if (round * _shares[endpoint] >= _targets[endpoint])
            {
                _targets[endpoint] += _greatest;
                return endpoint;
            }
        }
    }

    private int Dequeue(PriorityQueue<int, long> queue)
    {
        queue.TryPeek(out var endpoint, out var priority);
        _targets[endpoint] += _greatest;
        queue.DequeueEnqueue(endpoint, Priority(FindRound(endpoint, after: priority >> 32), endpoint));
        return endpoint;
    }

    // Finds the first round after the present one in which the endpoint has come up to its target.
    private long FindRound(int endpoint, long after)
    {
        var (share, target) = (_shares[endpoint], _targets[endpoint]);

        // The quotient may have been rounded up to the next whole number, so the search begins one round before.
        var round = Math.Max(after + 1, (long)(target / share) - 1);
        while (round * share < target)
        {
            round++;
        }

        return round;
    }
}
