namespace ClientSideLb.Benchmarks.SideBySide;

/// <summary>What one contender's operation took.</summary>
/// <param name="Nanoseconds">The median time over all rounds.</param>
/// <param name="Bytes">What it allocated, where it allocated least: anything above that is the runtime's own.</param>
internal readonly record struct Figure(double Nanoseconds, double Bytes);
