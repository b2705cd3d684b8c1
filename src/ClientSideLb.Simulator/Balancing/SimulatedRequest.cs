using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>One request of a client, with all its attempts. When a request has ended, its object is used for another one.</summary>
/// <param name="index">The index by which events refer to the request.</param>
internal sealed class SimulatedRequest(int index)
{
    internal int Index => index;

    /// <summary>
    /// Gets or sets the number of the current attempt. Each attempt has a number of its own, over all requests that use this object, so that
    /// an answer that comes too late is recognized.
    /// </summary>
    internal int Stamp { get; set; }

    internal BalancedClient Client { get; set; } = null!;

    internal int Key { get; set; }

    internal long Started { get; set; }

    /// <summary>Gets or sets a value indicating whether a backend was failing when the request began.</summary>
    internal bool BeganWhileFailing { get; set; }

    internal int Attempts { get; set; }

    /// <summary>Gets or sets how many attempts it has used up of those that it may have.</summary>
    internal int CountedAttempts { get; set; }

    /// <summary>Gets or sets the index of the backend of the current attempt.</summary>
    internal int Backend { get; set; }

    /// <summary>Gets or sets the lease of the current attempt, or <see langword="null"/> between attempts.</summary>
    internal EndpointLease? Lease { get; set; }

    /// <summary>Gets or sets the wait for an endpoint that has room, or <see langword="null"/> if the request does not wait.</summary>
    internal Waiter? Wait { get; set; }

    internal TriedEndpoints Tried { get; } = new();

    internal Deadline CallerDeadline { get; } = new(index);

    internal Deadline AttemptDeadline { get; } = new(index);

    /// <summary>Takes the request out of the queue, because its caller has given up.</summary>
    internal void CancelWait()
    {
        Wait!.Cancel(new CancellationToken(canceled: true));
        Wait = null;
    }
}
