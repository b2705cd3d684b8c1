using System.Net;

namespace ClientSideLb.Strategies;

/// <summary>
/// Finds the hash key and the caller's address of a request. Only strategies that hash call it, so other strategies do not pay for it.
/// </summary>
internal abstract class PickKeys
{
    internal abstract string? GetHashKey(object request);

    internal abstract IPAddress? GetClientIp(object request);
}
