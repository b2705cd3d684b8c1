namespace ClientSideLb.Tests;

/// <summary>A request of a <see cref="QueueLab"/>.</summary>
internal sealed class QueuedRequest(EndpointLease? lease, Waiter? wait)
{
    private EndpointLease? _lease = lease;

    internal Waiter Wait => wait!;

    internal bool WasAtOnce => wait is null;

    internal bool Waits => wait is { Ended.IsCompleted: false };

    internal EndpointLease? Lease => _lease ??= wait is { Ended.IsCompletedSuccessfully: true } ? wait.Ended.Result.Lease : null;

    internal ClusterEndpoint? Endpoint => Lease?.Endpoint;

    internal WaitEnd End => wait!.Ended.Result.End;

    internal WaitResult Result => wait!.Ended.Result;

    /// <summary>Waits on this thread until the wait for room has ended.</summary>
    internal void Join() => Assert.True(((IAsyncResult)wait!.Ended).AsyncWaitHandle.WaitOne(Eventually.Deadline));

    internal void Release() => Lease!.Release();
}
