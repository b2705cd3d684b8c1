namespace ClientSideLb.Benchmarks.EndToEnd.Children;

/// <summary>What a child says once it takes requests.</summary>
/// <param name="Ports">Where it takes them.</param>
/// <param name="ProcessIds">The processes that serve them.</param>
internal sealed record Announcement(int[] Ports, int[] ProcessIds);
