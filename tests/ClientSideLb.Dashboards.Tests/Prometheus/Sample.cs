namespace ClientSideLb.Dashboards.Tests.Prometheus;

/// <summary>One series of the answer to a query, at one moment.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="Value">The value.</param>
internal sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value);
