using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ClientSideLb.Requests;

/// <summary>This machine's own address in its network. <c>IpHash</c> uses it for requests that are not sent for a caller.</summary>
internal static class OutboundAddress
{
    private static readonly Lazy<IPAddress> Found = new(Find);

    internal static IPAddress Value => Found.Value;

    // Interfaces with a gateway come first, because they lead to other networks. A machine without an interface uses its loopback address.
    private static IPAddress Find()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .Where(static network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .Select(static network => network.GetIPProperties())
                .OrderByDescending(static properties => properties.GatewayAddresses.Count)
                .SelectMany(static properties => properties.UnicastAddresses)
                .Select(static unicast => unicast.Address)
                .Where(static address => address is { AddressFamily: AddressFamily.InterNetwork or AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false })
                .FirstOrDefault(IPAddress.Loopback);
        }
        catch (Exception e) when (e is NetworkInformationException or PlatformNotSupportedException)
        {
            return IPAddress.Loopback;
        }
    }
}
