using System.Net;

namespace ClientSideLb.Strategies;

/// <summary>
/// Where a pick gets a request's hash key and caller from. They are asked for by the strategies that hash, so no other one pays for them.
/// </summary>
internal abstract class PickKeys
{
    internal abstract string? GetHashKey(object request);

    internal abstract IPAddress? GetClientIp(object request);
}
