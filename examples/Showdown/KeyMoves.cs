namespace Showdown;

/// <summary>How an outage moved the keys.</summary>
/// <param name="Keys">The number of compared keys: those that were answered before, during and after the outage.</param>
/// <param name="Moved">How many of the keys went to another backend during the outage.</param>
/// <param name="OfBackendOut">How many of the moved keys belonged to the backend that was out.</param>
/// <param name="CameBack">How many of the moved keys returned to their first backend after the outage.</param>
internal sealed record KeyMoves(int Keys, int Moved, int OfBackendOut, int CameBack);
