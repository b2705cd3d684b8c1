using System.Globalization;
using System.Net;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>Gives strategies the hash key and the caller of a simulated request. In production they come from the HTTP request.</summary>
internal sealed class SimulatedKeys : PickKeys
{
    // 10.0.0.0/8 is the largest private network.
    private const int FirstAddress = 10 << 24;

    private readonly string[] _keys;
    private readonly IPAddress[] _callers;

    internal SimulatedKeys(int count)
    {
        _keys = new string[count];
        _callers = new IPAddress[count];
        for (var i = 0; i < count; i++)
        {
            _keys[i] = string.Create(CultureInfo.InvariantCulture, $"user-{i}");
            _callers[i] = new IPAddress(IPAddress.HostToNetworkOrder(FirstAddress + i) & uint.MaxValue);
        }
    }

    internal override string GetHashKey(object request) => _keys[((SimulatedRequest)request).Key];

    internal override IPAddress GetClientIp(object request) => _callers[((SimulatedRequest)request).Key];
}
