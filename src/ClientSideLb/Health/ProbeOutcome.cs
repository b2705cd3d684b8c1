namespace ClientSideLb.Health;

/// <summary>The result of a probe, and the time at which it was sent.</summary>
/// <param name="Result">The result, or <see langword="null"/> if the probe could not be sent, so it says nothing about the endpoint.</param>
/// <param name="Started">The timestamp at which the probe was sent.</param>
/// <param name="IsShared">Whether another cluster has sent it.</param>
internal readonly record struct ProbeOutcome(HealthProbeResult? Result, long Started, bool IsShared);
