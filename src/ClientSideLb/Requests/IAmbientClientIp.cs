using System.Net;

namespace ClientSideLb;

/// <summary>
/// Knows on whose behalf the code that is running sends requests: an integration with the application's server, registered as a singleton.
/// </summary>
public interface IAmbientClientIp
{
    /// <summary>
    /// Gets the caller's address, or <see langword="null"/> where nobody in particular is served. It is asked for by the strategies that
    /// hash the address, once for each attempt, from any thread.
    /// </summary>
    IPAddress? ClientIp { get; }
}
