using System.Runtime.CompilerServices;

namespace ClientSideLb.Strategies;

/// <summary>Draws two endpoints at random, for strategies that compare two.</summary>
internal static class RandomPair
{
    // A draw of two excluded endpoints is repeated. A request has tried a few endpoints at most, so a few draws are enough.
    private const int Draws = 16;

    // The greatest number of endpoints whose ordered pairs can be numbered with an int.
    private const int MostForOneDraw = 46_341;

    /// <summary>Draws two distinct indexes. All ordered pairs are equally likely.</summary>
    /// <param name="context">The source of the random number.</param>
    /// <param name="count">The number of endpoints, at least 2.</param>
    /// <remarks>
    /// There is no loop, as in Finagle: the second is drawn from one number fewer, and is raised by one if it is not below the first. The
    /// random number is most of the cost of a pick, so one number gives both indexes.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (int First, int Second) Draw(in PickContext context, int count)
    {
        var others = count - 1;
        var (first, second) = count <= MostForOneDraw
            ? Math.DivRem(context.Next(count * others), others)
            : (context.Next(count), context.Next(others));
        return (first, second + GetSignBit(first - second - 1));
    }

    /// <summary>Draws two indexes of endpoints that are not excluded. If only one of the two drawn is permitted, both indexes are that one.</summary>
    /// <returns>Whether a permitted endpoint was drawn.</returns>
    internal static bool TryDrawPermitted(in PickContext context, ClusterEndpoint[] endpoints, out int first, out int second)
    {
        for (var i = 0; i < Draws && endpoints.Length > 1; i++)
        {
            (first, second) = Draw(in context, endpoints.Length);
            var (isFirstExcluded, isSecondExcluded) = (context.IsExcluded(endpoints[first]), context.IsExcluded(endpoints[second]));
            if (!isFirstExcluded || !isSecondExcluded)
            {
                (first, second) = (isFirstExcluded ? second : first, isSecondExcluded ? first : second);
                return true;
            }
        }

        first = second = -1;
        return false;
    }

    /// <summary>Finds a permitted endpoint if a few draws have found none, or if there is only one endpoint.</summary>
    internal static ClusterEndpoint? FindPermitted(in PickContext context, ClusterEndpoint[] endpoints) =>
        context.FindPermitted(endpoints, endpoints.Length == 1 ? 0 : context.Next(endpoints.Length));

    /// <summary>Returns 1 for a negative number and 0 for others.</summary>
    /// <remarks>There is no branch: the numbers come from a random draw, so the processor would mispredict every other branch.</remarks>
    internal static int GetSignBit(int difference) => (int)((uint)difference >> 31);
}
