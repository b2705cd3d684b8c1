using System.Net;

namespace ClientSideLb.Tests;

/// <summary>The same hash key and caller for every request.</summary>
internal sealed class FixedKeys(string hashKey, IPAddress clientIp) : PickKeys
{
    internal override string? GetHashKey(object request) => hashKey;

    internal override IPAddress? GetClientIp(object request) => clientIp;
}
