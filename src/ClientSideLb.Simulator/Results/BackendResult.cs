namespace ClientSideLb.Simulator;

/// <summary>The load of one backend in a run.</summary>
/// <param name="Index">The index of the backend.</param>
/// <param name="Attempts">The number of attempts that were sent to it.</param>
/// <param name="Share">Its fraction of all attempts, from 0 to 1.</param>
/// <param name="PeakInFlight">The most attempts that were waiting or being served there at the same time.</param>
public sealed record BackendResult(int Index, long Attempts, double Share, int PeakInFlight);
