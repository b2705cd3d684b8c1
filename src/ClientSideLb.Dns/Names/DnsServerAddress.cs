using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ClientSideLb.Dns.Names;

/// <summary>Reads the address of a DNS server. Its port is 53 unless it is given.</summary>
internal static class DnsServerAddress
{
    private const int DefaultPort = 53;

    internal static bool TryParse(string? text, [NotNullWhen(true)] out IPEndPoint? server)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            server = new IPEndPoint(address, DefaultPort);
            return true;
        }

        return IPEndPoint.TryParse(text ?? "", out server) && server.Port > 0;
    }
}
