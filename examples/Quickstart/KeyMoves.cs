namespace Quickstart;

/// <summary>What an outage did to the keys.</summary>
/// <param name="Keys">How many keys were compared: those that were answered before, during and after it.</param>
/// <param name="Moved">How many of them met another backend during it.</param>
/// <param name="OfOutage">How many of those that moved belonged to the backend that was out.</param>
/// <param name="CameBack">How many of those that moved met their first backend again after it.</param>
internal sealed record KeyMoves(int Keys, int Moved, int OfOutage, int CameBack);
