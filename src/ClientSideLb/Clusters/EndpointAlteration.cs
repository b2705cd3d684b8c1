using System.Globalization;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>The descriptions of an endpoint before and after its source has changed them.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Before">The description before.</param>
/// <param name="After">The description now.</param>
internal sealed record EndpointAlteration(ClusterEndpoint Endpoint, EndpointDescription Before, EndpointDescription After)
{
    /// <summary>
    /// Describes what has changed, such as <c>weight from 1 to 3</c>. Returns an empty text if it is only the health, which has messages of its own.
    /// </summary>
    internal string Describe() => string.Join(", ", FindChanges());

    private IEnumerable<string> FindChanges()
    {
        if (Before.Weight != After.Weight)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"weight from {Before.Weight} to {After.Weight}");
        }

        if (Before.Priority != After.Priority)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"priority from {Before.Priority} to {After.Priority}");
        }

        if (Before.Zone != After.Zone)
        {
            yield return $"zone from {Before.Zone ?? "none"} to {After.Zone ?? "none"}";
        }

        if (Before.HostName != After.HostName)
        {
            yield return $"host name from {Before.HostName ?? "none"} to {After.HostName ?? "none"}";
        }

        if ((Before.Report == HealthReport.Draining) != (After.Report == HealthReport.Draining))
        {
            yield return After.Report == HealthReport.Draining ? EndpointDescription.DrainedBySource : "service discovery no longer drains it";
        }
    }
}
