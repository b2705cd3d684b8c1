using System.Net;

namespace ClientSideLb;

/// <summary>
/// Finds the address of the caller that the running code works for, so that <see cref="LoadBalancingStrategies.IpHash"/> can use it. An
/// integration with the application's server implements it and registers it as a singleton.
/// </summary>
public interface IAmbientClientIp
{
    /// <summary>
    /// Gets the caller's address, or <see langword="null"/> if the running code works for no particular caller. A strategy that hashes the
    /// address reads it once for each attempt, on any thread.
    /// </summary>
    IPAddress? ClientIp { get; }
}
