namespace Quickstart;

/// <summary>A table in plain text: the first column is words and stands left, the others are numbers and stand right.</summary>
internal sealed class TextTable(params IReadOnlyList<string> headers)
{
    private readonly List<IReadOnlyList<string>> _rows = [headers];

    internal void Add(params IReadOnlyList<string> cells) => _rows.Add(cells);

    internal void WriteTo(TextWriter output)
    {
        int[] widths = [.. Enumerable.Range(0, _rows[0].Count).Select(column => _rows.Max(row => row[column].Length))];
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            output.WriteLine($"  {string.Join("  ", cells)}".TrimEnd());
        }
    }
}
