using System.Net;

namespace ClientSideLb.Dns.Lookup;

/// <summary>The addresses of a host.</summary>
/// <param name="Addresses">The addresses. Those of a query that failed are the last known ones.</param>
/// <param name="TimeToLive">The time for which they hold, or for which there are none; <see langword="null"/> if DNS does not say.</param>
/// <param name="Fault">The reason why a query failed, or <see langword="null"/> if none did.</param>
/// <param name="HasAnswer">Whether at least one query was answered.</param>
internal sealed record HostAddresses(IReadOnlyList<IPAddress> Addresses, TimeSpan? TimeToLive, string? Fault, bool HasAnswer);
