using System.Net.Sockets;
using ClientSideLb.Configuration;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Health;

/// <summary>Probes an endpoint by opening a TCP connection to it.</summary>
/// <param name="settings">The settings of the probe.</param>
internal sealed class TcpProbe(ProbeSettings settings) : ISharableProbe
{
    // A connection depends on no client.
    private static readonly object Sockets = new();

    public async ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
    {
        // A host in brackets is an IPv6 address. DnsSafeHost would give its zone in a form that sockets do not understand.
        var host = AddressText.GetHost(endpoint.Address).Trim('[', ']');
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host, endpoint.Address.Port, cancellationToken).ConfigureAwait(false);
        return HealthProbeResult.Passed;
    }

    public ProbeIdentity Identify(ClusterEndpoint endpoint, out object sender)
    {
        sender = Sockets;
        return new ProbeIdentity(endpoint.Location.Key, Host: null, Headers: "", settings);
    }
}
