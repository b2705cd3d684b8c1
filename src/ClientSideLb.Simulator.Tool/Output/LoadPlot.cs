namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws the attempts at each backend over time. All runs of a scenario have the same colours for the same values, so that they can be compared.</summary>
internal static class LoadPlot
{
    internal static string Draw(RunResult run, IEnumerable<RunResult> runs, string origin) => HeatMap.Draw(
        new PlotHead($"Attempts a second at each backend: {run.Label}", origin),
        Plots.CreateTime([run]),
        "backend",
        GetRates(run),
        new Axis("attempts", LinearScale.Create(runs.Max(GetHighestRate), Units.FormatRate)));

    private static double[,] GetRates(RunResult run)
    {
        var seconds = Plots.GetSlice(run).TotalSeconds;
        var rates = new double[run.Backends.Count, run.Timeline.Count];
        for (var slice = 0; slice < run.Timeline.Count; slice++)
        {
            for (var backend = 0; backend < run.Backends.Count; backend++)
            {
                rates[backend, slice] = run.Timeline[slice].Attempts[backend] / seconds;
            }
        }

        return rates;
    }

    private static double GetHighestRate(RunResult run) => run.Timeline.Max(static slice => slice.Attempts.Max()) / Plots.GetSlice(run).TotalSeconds;
}
