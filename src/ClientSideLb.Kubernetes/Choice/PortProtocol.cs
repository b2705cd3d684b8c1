using ClientSideLb.Kubernetes.Slices;

namespace ClientSideLb.Kubernetes.Choice;

/// <summary>Which scheme is spoken at a port.</summary>
internal static class PortProtocol
{
    /// <summary>Gets the scheme that the owner of a port names by <c>appProtocol</c>, or <see langword="null"/> if there is none.</summary>
    internal static string? GetDeclared(SlicePort port) => port.AppProtocol?.ToLowerInvariant() switch
    {
        "https" or "wss" or "kubernetes.io/wss" => "https",
        "http" or "http2" or "h2c" or "ws" or "kubernetes.io/h2c" or "kubernetes.io/ws" => "http",
        _ => null,
    };

    /// <summary>Gets the scheme that the name or the number of a port suggests, or <see langword="null"/> if they suggest none.</summary>
    internal static string? Guess(SlicePort port)
    {
        // By convention, names of ports begin with their protocol: "https-web".
        var first = port.Name.Split('-')[0];
        return first switch
        {
            "https" or "wss" => "https",
            "http" or "http2" or "h2c" or "ws" => "http",
            _ => port.Number is 443 or 8443 ? "https" : null,
        };
    }
}
