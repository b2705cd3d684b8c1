namespace ClientSideLb;

/// <summary>The kinds of built-in probes for active health checks.</summary>
public enum HealthProbeKind
{
    /// <summary>The probe sends an HTTP request through the client's own primary handler. This is the default.</summary>
    Http,

    /// <summary>The probe opens a TCP connection to the endpoint's host and port.</summary>
    Tcp,

    /// <summary>
    /// The probe calls <c>grpc.health.v1.Health/Check</c>, the gRPC health checking protocol, through the client's own primary handler.
    /// </summary>
    Grpc,
}
