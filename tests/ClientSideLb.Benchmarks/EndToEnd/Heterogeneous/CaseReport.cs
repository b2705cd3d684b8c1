using ClientSideLb.Benchmarks.Reporting;

namespace ClientSideLb.Benchmarks.EndToEnd.Heterogeneous;

/// <summary>Writes what was measured in a case.</summary>
internal sealed class CaseReport(Case measured, LoadOptions options, TextWriter output)
{
    internal void Write(IReadOnlyList<LoadResult> results)
    {
        output.WriteLine();
        output.WriteLine($"{Case.Backends} backends, {measured.Description}; medians of {options.Rounds} rounds of {options.Turn.TotalSeconds} s each.");
        foreach (var (concurrency, summaries) in results)
        {
            output.WriteLine();
            WriteTable(concurrency, summaries);
            WriteReach(summaries);
            WriteFailures(summaries);
        }
    }

    private void WriteTable(int concurrency, Summary[] summaries)
    {
        var table = new MarkdownTable($"{measured.Name}, {concurrency} at once", "p50 ms", "p99 ms", "requests/s", "share of the odd one", "500s");
        foreach (var summary in summaries)
        {
            table.Add(
                summary.Target.Name,
                $"{summary.P50.TotalMilliseconds:0.0}",
                $"{summary.P99.TotalMilliseconds:0.0}",
                $"{summary.RequestsPerSecond:0}",
                measured.Odd is null ? "-" : $"{summary.ShareOf(Case.OddBackend) * 100:0.00} %",
                $"{summary.ErrorShare * 100:0.00} %");
        }

        if (measured.HasGateway && Gateways.NginxPeer is null)
        {
            table.Add(CaseTargets.NginxRow, "not installed");
        }

        table.WriteTo(output);
    }

    private void WriteReach(Summary[] summaries)
    {
        if (Find(Cases.WithoutSlow) is { } best && Find(LoadBalancingStrategies.PeakEwma) is { } peakEwma && Find(LoadBalancingStrategies.LeastConnections) is { } least)
        {
            output.WriteLine();
            output.WriteLine($"The p99 of {peakEwma.Target.Name} is {peakEwma.P99Of(best)} times that of {best.Target.Name}.");
            output.WriteLine($"{peakEwma.Target.Name} serves {peakEwma.ThroughputOf(least)} times the requests of {least.Target.Name}.");
        }

        Summary? Find(string name) => Array.Find(summaries, summary => summary.Target.Name == name);
    }

    private void WriteFailures(Summary[] summaries)
    {
        foreach (var summary in summaries.Where(static summary => summary.Failures > 0))
        {
            output.WriteLine();
            output.WriteLine($"{summary.Target.Name}: {summary.Failures} requests were not answered, and count nowhere above.");
        }
    }
}
