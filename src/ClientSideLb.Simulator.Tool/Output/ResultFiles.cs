namespace ClientSideLb.Simulator.Tool;

/// <summary>Writes the results to files: tables as CSV, everything as JSON, and plots as SVG.</summary>
internal static class ResultFiles
{
    /// <returns>The path of each file. A file is written when the caller asks for its path.</returns>
    internal static IEnumerable<string> Write(ScenarioReport report, DirectoryInfo folder)
    {
        IEnumerable<(string Name, string Text)> files =
        [
            .. CsvTables.Of(report.Result),
            ("result.json", ResultJson.Of(report)),
            .. Plots.Of(report.Result, report.Setup.Command).Select(static plot => ($"{plot.Name}.svg", plot.Svg)),
        ];
        foreach (var (name, text) in files)
        {
            var path = Path.Combine(folder.FullName, name);
            File.WriteAllText(path, text);
            yield return path;
        }
    }
}
