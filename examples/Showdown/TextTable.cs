namespace Showdown;

/// <summary>A table in plain text. The first column holds words and is aligned left; the others hold numbers and are aligned right.</summary>
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
