using System.Net;

namespace ClientSideLb.Dns.Lookup;

/// <summary>An endpoint that DNS lists.</summary>
/// <param name="Priority">Its priority, from 0 to 127.</param>
/// <param name="Address">Its address.</param>
/// <param name="Port">Its port, or <see langword="null"/> if DNS gives none.</param>
/// <param name="Weight">Its weight, or <see langword="null"/> if DNS gives none.</param>
internal readonly record struct DnsEndpoint(int Priority, IPAddress Address, int? Port, int? Weight);
