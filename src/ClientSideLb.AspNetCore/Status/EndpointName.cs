namespace ClientSideLb.AspNetCore.Status;

/// <summary>The name of an endpoint on the page. The metrics use the same name, so the page can find an endpoint's traffic by it.</summary>
internal static class EndpointName
{
    /// <summary>Formats the address of an endpoint as <c>http</c> or <c>https</c>, host, port and base path. The zone of an IPv6 address is kept.</summary>
    internal static string Format(ClusterEndpoint endpoint) => $"{(endpoint.Address.Scheme is "https" or "wss" ? "https" : "http")}://{endpoint.HashName}";
}
