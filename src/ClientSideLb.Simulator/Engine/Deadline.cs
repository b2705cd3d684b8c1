namespace ClientSideLb.Simulator;

/// <summary>A request's place in a <see cref="DeadlineList"/>.</summary>
internal sealed class Deadline(Request request)
{
    internal Request Request { get; } = request;

    internal long Due { get; set; }

    internal Deadline? Previous { get; set; }

    internal Deadline? Next { get; set; }

    internal bool IsListed { get; set; }
}
