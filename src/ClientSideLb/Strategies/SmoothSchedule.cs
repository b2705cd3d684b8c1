namespace ClientSideLb.Strategies;

/// <summary>
/// One full cycle of smooth weighted round robin as nginx has it: weights 5, 1, 1 give a a b a c a a, never a a a a a b c.
/// </summary>
internal static class SmoothSchedule
{
    // Computing a cycle takes turns × endpoints steps. 2^18 of them take about a quarter of a millisecond.
    private const long MaxSteps = 1 << 18;

    /// <summary>Tells whether a cycle is quick to compute.</summary>
    internal static bool IsQuick(int[] weights) => weights.Sum(static weight => (long)weight) * weights.Length <= MaxSteps;

    /// <summary>Computes a cycle: for each turn the index of the endpoint whose turn it is, each as often as its weight says.</summary>
    internal static int[] Create(int[] weights)
    {
        var total = weights.Sum();
        var schedule = new int[total];
        var credit = new int[weights.Length];
        for (var turn = 0; turn < total; turn++)
        {
            // All gain their weight in credit; the richest takes the turn and pays what all have gained together.
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
