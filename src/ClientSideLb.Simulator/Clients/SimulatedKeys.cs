using System.Globalization;
using System.Net;

namespace ClientSideLb.Simulator;

/// <summary>The hash keys and callers that requests have, in the place where production reads them from the request itself.</summary>
internal sealed class SimulatedKeys : PickKeys
{
    // 10.0.0.0/8, the private network that holds the most addresses.
    private const int Network = 10 << 24;

    private readonly string[] _keys;
    private readonly IPAddress[] _callers;

    internal SimulatedKeys(int count)
    {
        _keys = new string[count];
        _callers = new IPAddress[count];
        for (var i = 0; i < count; i++)
        {
            _keys[i] = string.Create(CultureInfo.InvariantCulture, $"user-{i}");
            _callers[i] = new IPAddress(IPAddress.HostToNetworkOrder(Network + i) & uint.MaxValue);
        }
    }

    internal override string GetHashKey(object request) => _keys[((Request)request).Key];

    internal override IPAddress GetClientIp(object request) => _callers[((Request)request).Key];
}
