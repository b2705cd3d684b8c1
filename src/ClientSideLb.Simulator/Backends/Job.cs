namespace ClientSideLb.Simulator.Backends;

/// <summary>One attempt of a request at a backend.</summary>
/// <param name="Request">The index of the request.</param>
/// <param name="Stamp">The stamp of the attempt.</param>
internal readonly record struct Job(int Request, int Stamp);
