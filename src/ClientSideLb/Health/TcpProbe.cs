using System.Net.Sockets;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Health;

/// <summary>Probes an endpoint by opening a TCP connection to it.</summary>
internal sealed class TcpProbe : IHealthProbe
{
    public async ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
    {
        // A host in brackets is an IPv6 address. DnsSafeHost would give its zone in a form that sockets do not understand.
        var host = AddressText.GetHost(endpoint.Address).Trim('[', ']');
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host, endpoint.Address.Port, cancellationToken).ConfigureAwait(false);
        return HealthProbeResult.Passed;
    }
}
