using System.Net.Sockets;

namespace ClientSideLb.Health;

/// <summary>Probes an endpoint by opening a TCP connection to it.</summary>
internal sealed class TcpProbe : IHealthProbe
{
    public async ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endpoint.Address.DnsSafeHost, endpoint.Address.Port, cancellationToken).ConfigureAwait(false);
        return HealthProbeResult.Passed;
    }
}
