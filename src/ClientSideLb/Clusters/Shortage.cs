namespace ClientSideLb.Clusters;

/// <summary>Why a request got no lease.</summary>
/// <param name="IsFull">Whether there is an endpoint for the request, and only its limit keeps the request away.</param>
/// <param name="Owner">The endpoint that the request must wait for, or <see langword="null"/> if it takes any.</param>
internal readonly record struct Shortage(bool IsFull, ClusterEndpoint? Owner);
