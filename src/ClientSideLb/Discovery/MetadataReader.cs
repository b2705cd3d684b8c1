using ClientSideLb.Endpoints;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Discovery;

/// <summary>
/// Reads the metadata that a provider gives for the endpoints of one query. A value that is out of range is logged and replaced, so that the endpoint stays
/// in use.
/// </summary>
/// <param name="service">The service.</param>
/// <param name="known">The values that the query before this one has logged.</param>
/// <param name="logger">The log.</param>
internal sealed class MetadataReader(string service, HashSet<(string Endpoint, string Property)> known, ILogger logger)
{
    /// <summary>Gets the values of this query that are out of range. A provider gives the same ones each time, so each is logged once.</summary>
    internal HashSet<(string Endpoint, string Property)> Faulty { get; } = [];

    /// <summary>Adds the provider's metadata to the description of an endpoint.</summary>
    internal EndpointDescription Apply(EndpointMetadata metadata, EndpointDescription description)
    {
        var endpoint = description.Address.Key;
        return description with
        {
            // The nearest weight to a negative one is 0, which would drain the endpoint.
            Weight = Check(
                endpoint, nameof(metadata.Weight), metadata.Weight ?? EndpointDescription.DefaultWeight, EndpointDescription.MaxWeight, EndpointDescription.DefaultWeight),
            Priority = Check(endpoint, nameof(metadata.Priority), metadata.Priority, EndpointDescription.MaxPriority, whenNegative: 0),
            Zone = string.IsNullOrEmpty(metadata.Zone) ? null : metadata.Zone,
            Report = metadata.Health switch
            {
                EndpointHealth.Draining => HealthReport.Draining,
                EndpointHealth.Unhealthy => HealthReport.Unhealthy,
                _ => HealthReport.None,
            },
        };
    }

    private int Check(string endpoint, string property, int value, int max, int whenNegative)
    {
        if (value >= 0 && value <= max)
        {
            return value;
        }

        var used = value < 0 ? whenNegative : max;
        if (Faulty.Add((endpoint, property)) && !known.Contains((endpoint, property)))
        {
            logger.MetadataNotValid(service, endpoint, property, value, max, used);
        }

        return used;
    }
}
