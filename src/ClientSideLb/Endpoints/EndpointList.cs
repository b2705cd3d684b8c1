using System.Globalization;

namespace ClientSideLb.Endpoints;

/// <summary>Names endpoints in a sentence. A service may have thousands, so only the first ones are named.</summary>
internal static class EndpointList
{
    /// <summary>The number of endpoints that log lines name.</summary>
    internal const int MaxNamed = 10;

    /// <summary>Lists endpoints by their addresses. The text for none is <c>none</c>.</summary>
    internal static string Describe(IReadOnlyCollection<ClusterEndpoint> endpoints) => Describe(endpoints, static endpoint => endpoint.Location.Key);

    /// <summary>Lists items, such as endpoints with a text about each.</summary>
    internal static string Describe<T>(IReadOnlyCollection<T> items, Func<T, string> describe, string separator = ", ", int most = MaxNamed) => items.Count switch
    {
        0 => "none",
        var count when count > most => string.Create(
            CultureInfo.InvariantCulture, $"{string.Join(separator, items.Take(most).Select(describe))} and {count - most} more"),
        _ => string.Join(separator, items.Select(describe)),
    };
}
