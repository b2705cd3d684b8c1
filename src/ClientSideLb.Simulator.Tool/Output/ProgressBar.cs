using System.Globalization;
using Spectre.Console;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Shows the progress of a run in a terminal, and disappears when the run ends. Elsewhere it shows nothing.</summary>
internal static class ProgressBar
{
    internal static async Task<T> RunAsync<T>(TextWriter writer, Func<IProgress<SimulationProgress>, T> run)
    {
        var console = Consoles.Create(writer);
        if (!console.Profile.Out.IsTerminal || !console.Profile.Capabilities.Interactive)
        {
            return run(new NoProgress());
        }

        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask("simulating", maxValue: 1);
                return Task.Run(() => run(new Bar(bar)));
            })
            .ConfigureAwait(false);
    }

    private sealed class Bar(ProgressTask bar) : IProgress<SimulationProgress>
    {
        public void Report(SimulationProgress value)
        {
            bar.Value = value.Done;
            bar.Description = string.Create(CultureInfo.InvariantCulture, $"{value.Requests:N0} requests");
        }
    }

    private sealed class NoProgress : IProgress<SimulationProgress>
    {
        public void Report(SimulationProgress value)
        {
        }
    }
}
