namespace ClientSideLb.Simulator.Tool;

/// <summary>The columns that say nothing, because every row has the same trivial value. They are named instead.</summary>
internal sealed class LeftOutColumns
{
    private static readonly string[] Nothing = ["0", "0 %", "0.0 /s", TableFormats.None];

    private readonly List<(string Title, string Value)> _columns = [];

    /// <summary>Gets the columns that stay, and notes those that do not.</summary>
    internal IReadOnlyList<Column<T>> Filter<T>(IReadOnlyList<T> rows, IEnumerable<Column<T>> columns)
    {
        var kept = new List<Column<T>>();
        foreach (var column in columns)
        {
            string[] values = [.. rows.Select(column.Value).Distinct()];
            if (values.Length == 1 && (values[0] == column.Trivial || Nothing.Contains(values[0])))
            {
                _columns.Add((column.Title, values[0]));
            }
            else
            {
                kept.Add(column);
            }
        }

        return kept;
    }

    /// <summary>Names the columns in one line, or gets <see langword="null"/> if there are none.</summary>
    public override string? ToString() => _columns.Count == 0
        ? null
        : $"Left out, as they are the same in every row: {string.Join("; ", _columns.GroupBy(static column => column.Value).Select(static same => $"{string.Join(", ", same.Select(static column => column.Title).Distinct())} ({same.Key})"))}";
}
