namespace ClientSideLb.Clusters;

/// <summary>The result of a request's wait for room.</summary>
/// <param name="End">How the wait ended.</param>
/// <param name="Lease">The lease, if there is one.</param>
/// <param name="Waited">How long the request has waited.</param>
/// <param name="Others">How many requests still wait.</param>
internal readonly record struct WaitResult(WaitEnd End, EndpointLease? Lease, TimeSpan Waited, int Others);
