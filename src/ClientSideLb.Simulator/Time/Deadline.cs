namespace ClientSideLb.Simulator.Time;

/// <summary>An entry of a <see cref="DeadlineList"/>. Its owner uses it again and again, so that a deadline allocates nothing.</summary>
/// <param name="target">The index of the request whose deadline this is.</param>
internal sealed class Deadline(int target)
{
    internal int Target => target;

    internal long Due { get; set; }

    internal Deadline? Previous { get; set; }

    internal Deadline? Next { get; set; }

    internal bool IsListed { get; set; }
}
