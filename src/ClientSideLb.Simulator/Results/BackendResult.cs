namespace ClientSideLb.Simulator;

/// <summary>What one backend had to do.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Attempts">How many attempts it was sent.</param>
/// <param name="Share">Its part of all attempts, from 0 to 1.</param>
/// <param name="PeakInFlight">The most attempts it had at a time, waiting or served.</param>
public sealed record BackendResult(int Index, long Attempts, double Share, int PeakInFlight);
