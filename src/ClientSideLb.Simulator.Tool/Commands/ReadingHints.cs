namespace ClientSideLb.Simulator.Tool;

/// <summary>The hints for reading the results of each scenario.</summary>
internal static class ReadingHints
{
    private const string Compared = "docs/strategies-compared.md";
    private const string Hashing = "docs/consistent-hashing.md";

    private static readonly Dictionary<string, ReadingHint> Named = new()
    {
        ["distribution"] = new("max ÷ mean for how even a strategy is, and p99 for what that means for waiting.", "latency-distribution", Compared),
        ["slow-backend"] = new("p99 for who waits; the smallest share is that of the slow backend where a strategy notices it.", "latency-distribution", Compared),
        ["fast-failure"] = new("errors and at failing: a strategy that takes the failing backend for idle sends it more than its third.", "errors-over-time", Compared),
        ["outage"] = new("errors for what callers see, to detect and to return for how soon backends are left and used again.", "errors-over-time", Compared),
        ["zone-outage"] = new("p50 and errors of zone a in the second table, and what each backend of the others gets.", "latency-in-zone-a", "docs/priorities-and-zones.md"),
        ["limits"] = new("p99 for those that are admitted, against errors, which are those that are refused.", "latency-over-time", "docs/limits.md"),
        ["rolling-deploy"] = new("p99.9 for what cold backends cost, and at failing for what killing them costs.", "latency-over-time", Compared),
        ["rebalancing"] = new("needlessly for keys that need not have moved, and deviation for how even the shares are.", "keys-moved-*", Hashing),
        ["hot-key"] = new("max ÷ mean and p99 for the load of the popular keys' owners, and away for what it costs to bound it.", "latency-distribution", Hashing),
        ["overload"] = new("errors, and moved for what retries add to the load.", "errors-over-time", Compared),
        ["rejection"] = new("errors, and rejected for the attempts that met a used-up quota; moved ones found room elsewhere.", "errors-over-time", Compared),
        ["fleet"] = new("p99 and peak in flight: many clients that know little, against one that sees all.", "latency-distribution", "docs/client-side-vs-gateway.md"),
        ["subset"] = new("connections for what subsets save, and max ÷ mean for what they cost.", "load-*", "docs/subsets.md"),
    };

    private static readonly ReadingHint Others = new(
        "errors and p99 for what callers get, and share and max ÷ mean for where it comes from.", "latency-over-time", "docs/simulator.md");

    private static readonly ReadingHint Zones = new(
        "errors and p99 for what callers get, and the second table for what those of each zone get.", "latency-in-zone-*", "docs/priorities-and-zones.md");

    internal static ReadingHint Of(string scenario, ScenarioResult result)
    {
        var hint = Named[scenario];

        // If nothing failed, there is no plot of failures.
        return hint.Plot == "errors-over-time" && result.Runs.All(static run => run.Failures == 0) ? hint with { Plot = "latency-over-time" } : hint;
    }

    /// <summary>Gets the hint for a scenario from a file.</summary>
    internal static ReadingHint OfFile(ScenarioResult result) => result.Runs.Any(static run => run.Zones.Count > 0) ? Zones : Others;
}
