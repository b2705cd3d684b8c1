namespace ClientSideLb.Simulator;

/// <summary>One attempt of a request at a backend.</summary>
/// <param name="Request">The request's index.</param>
/// <param name="Stamp">The attempt's stamp.</param>
internal readonly record struct Job(int Request, int Stamp);
