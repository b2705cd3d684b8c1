namespace ClientSideLb.Benchmarks.Contending;

/// <summary>What threads did in one turn.</summary>
/// <param name="Rate">The operations a second, of all threads together.</param>
/// <param name="ProcessorShare">The processor time that the process got, of what its threads could have used.</param>
internal readonly record struct TurnResult(double Rate, double ProcessorShare);
