namespace ClientSideLb.Simulator;

/// <summary>One request of a client, over all its attempts. It is used again when it has ended.</summary>
internal sealed class Request
{
    internal Request(int index)
    {
        Index = index;
        CallerDeadline = new Deadline(this);
        AttemptDeadline = new Deadline(this);
    }

    /// <summary>Gets which one it is, for events that can hold no reference.</summary>
    internal int Index { get; }

    /// <summary>Gets or sets the number of the attempt that is being waited for. Each attempt of each use has its own, so a late answer is known.</summary>
    internal int Stamp { get; set; }

    internal Client Client { get; set; } = null!;

    internal int Key { get; set; }

    internal long Started { get; set; }

    internal int Attempts { get; set; }

    /// <summary>Gets or sets how many attempts of <see cref="FailoverOptions.MaxAttempts"/> it has used up.</summary>
    internal int Counted { get; set; }

    internal EndpointLease? Lease { get; set; }

    internal TriedEndpoints Tried { get; } = new();

    internal Deadline CallerDeadline { get; }

    internal Deadline AttemptDeadline { get; }
}
