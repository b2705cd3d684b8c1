namespace ClientSideLb.Benchmarks.SideBySide;

/// <summary>One of several ways to do the same thing.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Run">Does it as often as it is told to.</param>
internal sealed record Contender(string Name, Action<int> Run);
