namespace ClientSideLb.Clusters;

/// <summary>The result of a request's wait for room.</summary>
/// <param name="End">How the wait ended.</param>
/// <param name="Lease">The lease, if there is one.</param>
/// <param name="Waited">The time for which the request has waited.</param>
/// <param name="Others">The number of requests that still wait.</param>
internal readonly record struct WaitResult(WaitEnd End, EndpointLease? Lease, TimeSpan Waited, int Others);
