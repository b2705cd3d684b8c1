namespace ClientSideLb.Benchmarks.Contending;

/// <summary>Work that several threads do at one thing, such as a cluster.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Create">
/// Creates the thing. What it returns is called with the number of each thread that works at it, and gives what that thread does: its work, as
/// often as it is told to.
/// </param>
internal sealed record Work(string Name, Func<Func<int, Action<int>>> Create);
