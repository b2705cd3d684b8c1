namespace ClientSideLb;

/// <summary>The name in the <c>Host</c> header of a balanced request. A <c>Host</c> header that the caller sets always wins.</summary>
public enum HostHeaderMode
{
    /// <summary>
    /// The header contains the endpoint's own name. There is one exception: for an <c>https</c> endpoint that is given as an IP address, it
    /// contains the logical service name, so that the TLS server name and the certificate check work. This is the default.
    /// </summary>
    Auto,

    /// <summary>The header always contains the endpoint's own name.</summary>
    Endpoint,

    /// <summary>The header always contains the logical service name, followed by its port unless that is the default of the scheme.</summary>
    Service,
}
