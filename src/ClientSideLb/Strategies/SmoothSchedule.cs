namespace ClientSideLb.Strategies;

/// <summary>
/// One full cycle of nginx's smooth weighted round robin: weights 5, 1, 1 give a a b a c a a and not a a a a a b c.
/// </summary>
internal static class SmoothSchedule
{
    // Computing a cycle takes turns × endpoints steps. The limit keeps that well below a millisecond.
    private const long MaxSteps = 1 << 18;

    /// <summary>Tells whether a cycle is quick to compute.</summary>
    internal static bool IsQuick(int[] weights) => weights.Sum(static weight => (long)weight) * weights.Length <= MaxSteps;

    /// <summary>Computes a cycle: the index of an endpoint for each turn. Each index occurs as often as the endpoint's weight says.</summary>
    internal static int[] Create(int[] weights)
    {
        var total = weights.Sum();
        var schedule = new int[total];
        var credit = new int[weights.Length];
        for (var turn = 0; turn < total; turn++)
        {
            // Each endpoint gains its weight in credit. The richest one takes the turn and pays the sum of all weights.
            var richest = 0;
            for (var i = 0; i < weights.Length; i++)
            {
                credit[i] += weights[i];
                if (credit[i] > credit[richest])
                {
                    richest = i;
                }
            }

            credit[richest] -= total;
            schedule[turn] = richest;
        }

        return schedule;
    }
}
