using System.Net;
using System.Net.Sockets;

namespace ClientSideLb.Tests.Chaos;

/// <summary>
/// Ports for backends that come back on the port they had. They are below the range from which systems take the ports of outgoing
/// connections. So no other program takes them meanwhile, and a connection to a closed port cannot connect to itself.
/// </summary>
internal static class FreePort
{
    private const int First = 20000;
    private const int Last = 32000;

    private static int _next = Random.Shared.Next(First, Last);

    internal static int Take()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _next) % (Last - First));
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
