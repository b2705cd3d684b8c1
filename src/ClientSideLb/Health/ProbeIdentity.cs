using ClientSideLb.Configuration;

namespace ClientSideLb.Health;

/// <summary>All values that decide what a probe sends, and how its answer is judged. Two probes with equal identities are the same probe.</summary>
/// <param name="Address">The address that is probed.</param>
/// <param name="Host">The name in the Host header, or <see langword="null"/> if it is that of the address.</param>
/// <param name="Headers">The headers and versions that the client gives each request.</param>
/// <param name="Settings">The settings of the probe.</param>
internal sealed record ProbeIdentity(string Address, string? Host, string Headers, ProbeSettings Settings);
