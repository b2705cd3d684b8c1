namespace ClientSideLb.Requests;

/// <summary>A name in the address of a request that no provider of service discovery knows.</summary>
/// <param name="ClientName">The name of the client.</param>
/// <param name="MetricName">
/// The name in metrics. A client may call any number of hosts, so those beyond the first ones share a name.
/// </param>
/// <param name="Known">The names that are known, in words. Empty if nothing shows it.</param>
internal sealed record UnknownName(string ClientName, string MetricName, string Known);
