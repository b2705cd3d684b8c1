namespace Quickstart;

/// <summary>How many keys an outage moved to another backend, and how many of those came back after it.</summary>
internal sealed record KeyMoves(int Keys, int Moved, int CameBack);
