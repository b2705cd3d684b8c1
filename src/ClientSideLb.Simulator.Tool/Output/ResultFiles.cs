namespace ClientSideLb.Simulator.Tool;

/// <summary>Writes the results to files: tables as CSV, everything as JSON, and plots as PNG and SVG.</summary>
internal static class ResultFiles
{
    /// <returns>The path of each file. A file is written when the caller asks for its path.</returns>
    internal static IEnumerable<string> Write(ScenarioResult result, DirectoryInfo folder)
    {
        foreach (var (name, text) in (IEnumerable<(string, string)>)[.. CsvTables.Of(result), ("result.json", ResultJson.Of(result))])
        {
            var path = Path.Combine(folder.FullName, name);
            File.WriteAllText(path, text);
            yield return path;
        }

        foreach (var (name, plot) in Plots.Of(result))
        {
            foreach (var path in (string[])[Path.Combine(folder.FullName, $"{name}.png"), Path.Combine(folder.FullName, $"{name}.svg")])
            {
                plot.Save(path, Plots.Width, Plots.Height);
                yield return path;
            }

            plot.Dispose();
        }
    }
}
