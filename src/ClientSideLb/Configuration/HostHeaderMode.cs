namespace ClientSideLb;

/// <summary>Which name the <c>Host</c> header of a balanced request carries. A <c>Host</c> that the caller set always wins.</summary>
public enum HostHeaderMode
{
    /// <summary>
    /// The endpoint's own name, save that an <c>https</c> endpoint given as an IP address gets the logical service name,
    /// so that the TLS server name and the certificate check work. This is the default.
    /// </summary>
    Auto,

    /// <summary>Always the endpoint's own name.</summary>
    Endpoint,

    /// <summary>Always the logical service name, with its port where that is not the scheme's default.</summary>
    Service,
}
