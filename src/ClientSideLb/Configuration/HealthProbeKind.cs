namespace ClientSideLb;

/// <summary>How an active health check asks an endpoint.</summary>
public enum HealthProbeKind
{
    /// <summary>By an HTTP request, through the client's own primary handler. This is the default.</summary>
    Http,

    /// <summary>By opening a TCP connection to the endpoint's host and port.</summary>
    Tcp,
}
