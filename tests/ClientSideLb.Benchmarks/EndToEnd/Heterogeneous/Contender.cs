namespace ClientSideLb.Benchmarks.EndToEnd.Heterogeneous;

/// <summary>A client that balances: one row of a case's table.</summary>
/// <param name="Name">What the row is called.</param>
/// <param name="Strategy">The strategy that picks.</param>
/// <param name="OutlierDetection">Whether backends that fail are ejected, as by default.</param>
/// <param name="WithoutOdd">Whether it knows only the backends that are alike.</param>
internal sealed record Contender(string Name, string Strategy, bool OutlierDetection = true, bool WithoutOdd = false);
