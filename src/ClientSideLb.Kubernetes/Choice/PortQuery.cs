using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Kubernetes.Choice;

/// <summary>Which port of a service is asked for.</summary>
/// <param name="Schemes">The schemes that may be used, in order of preference. Empty if the question names none.</param>
/// <param name="Name">The name of the port, or <see langword="null"/>.</param>
/// <param name="Number">The number of the port, or <see langword="null"/>.</param>
/// <param name="Text">The question as it was asked.</param>
internal sealed record PortQuery(IReadOnlyList<string> Schemes, string? Name, int? Number, string Text)
{
    /// <summary>Reads the port from a query of service discovery.</summary>
    internal static PortQuery Of(ServiceEndpointQuery query, ServiceDiscoveryOptions options)
    {
        var text = query.ToString() ?? "";
        var schemes = options.AllowAllSchemes || query.IncludedSchemes.Count == 0
            ? query.IncludedSchemes
            : options.ApplyAllowedSchemes(query.IncludedSchemes);
        var number = Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"any://{text}", UriKind.Absolute, out var uri)
            && !uri.IsDefaultPort
            && uri.Port > 0
                ? uri.Port
                : (int?)null;
        return new PortQuery(schemes, query.EndpointName, number, text);
    }
}
