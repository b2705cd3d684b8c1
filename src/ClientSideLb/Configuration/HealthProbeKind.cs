namespace ClientSideLb;

/// <summary>The kinds of built-in probes for active health checks.</summary>
public enum HealthProbeKind
{
    /// <summary>The probe sends an HTTP request through the client's own primary handler. This is the default.</summary>
    Http,

    /// <summary>The probe opens a TCP connection to the endpoint's host and port.</summary>
    Tcp,
}
