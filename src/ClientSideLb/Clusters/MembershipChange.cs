using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>The changes that an update has made to the members of a cluster.</summary>
/// <param name="Count">The number of endpoints that are listed now.</param>
/// <param name="Came">The endpoints that are listed now and were not before.</param>
/// <param name="Went">The endpoints that are no longer listed.</param>
/// <param name="Altered">The endpoints that stayed, but that the source describes differently.</param>
/// <param name="Unhealthy">The endpoints that the source reports as unhealthy, and did not before.</param>
/// <param name="Healthy">The endpoints that the source no longer reports as unhealthy, and that are not unhealthy for another reason.</param>
internal sealed record MembershipChange(
    int Count, ClusterEndpoint[] Came, ClusterEndpoint[] Went, EndpointAlteration[] Altered, ClusterEndpoint[] Unhealthy, ClusterEndpoint[] Healthy)
{
    internal const string FromDiscovery = "service discovery says so";
    internal const string FromOptions = "the options say so";

    /// <summary>Gets why the members have changed, for people.</summary>
    internal string Reason { get; init; } = FromDiscovery;

    /// <summary>
    /// Says what has changed at the endpoints that stayed, such as <c>http://10.0.0.1:80: weight from 1 to 3</c>. Returns <see langword="null"/> if nothing has.
    /// </summary>
    internal string? DescribeAlterations()
    {
        var told = Altered.Select(static one => (one.Endpoint, Text: one.Describe())).Where(static one => one.Text.Length > 0).ToList();
        return told.Count == 0 ? null : EndpointList.Describe(told, static one => $"{one.Endpoint.Location.Key}: {one.Text}", "; ");
    }
}
