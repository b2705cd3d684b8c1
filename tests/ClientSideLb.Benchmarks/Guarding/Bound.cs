namespace ClientSideLb.Benchmarks.Guarding;

/// <summary>What a figure may be at most.</summary>
/// <param name="What">What the figure is of.</param>
/// <param name="Limit">The most that it may be.</param>
/// <param name="Measure">Measures it.</param>
/// <param name="Remedy">What to do where it is more.</param>
internal sealed record Bound(string What, double Limit, Func<double> Measure, string Remedy);
