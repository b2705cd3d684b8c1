namespace ClientSideLb.Benchmarks.Reporting;

/// <summary>A table in GitHub's Markdown that can be read as it stands: the first column is words and stands left, the others right.</summary>
internal sealed class MarkdownTable(params IReadOnlyList<string> headers)
{
    private readonly List<IReadOnlyList<string>> _rows = [headers];

    /// <summary>Adds a row; cells that are missing at its end are left empty.</summary>
    internal void Add(params IReadOnlyList<string> cells) =>
        _rows.Add([.. cells, .. Enumerable.Repeat("", headers.Count - cells.Count)]);

    internal void WriteTo(TextWriter output)
    {
        int[] widths = [.. headers.Select((_, column) => Math.Max(3, _rows.Max(row => row[column].Length)))];
        WriteRow(output, [.. headers.Select((header, column) => Pad(header, column, widths))]);
        WriteRow(output, [.. widths.Select(static (width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ':')]);
        foreach (var row in _rows.Skip(1))
        {
            WriteRow(output, [.. row.Select((cell, column) => Pad(cell, column, widths))]);
        }
    }

    private static string Pad(string cell, int column, int[] widths) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]);

    private static void WriteRow(TextWriter output, string[] cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");
}
