using Spectre.Console;

namespace ClientSideLb.Simulator.Tool;

/// <summary>
/// Writes a table. Columns that do not fit into the console's width go to a further table, because numbers that are broken over lines cannot be read.
/// </summary>
internal static class FoldedTable
{
    // A column has a line and two blanks beside it. The first one has no line, but with the edges of the table it has four blanks.
    private const int Gap = 3;
    private const int Margin = 4;

    internal static void Write<T>(IAnsiConsole console, string title, IReadOnlyList<T> rows, Func<T, string> label, IReadOnlyList<Column<T>> columns)
    {
        var labels = rows.Select(label).ToArray();
        var labelWidth = GetWidth(title, labels);
        var table = CreateTable();
        var width = Margin + labelWidth;
        var used = new List<string[]>();
        foreach (var column in columns)
        {
            string[] cells = [.. rows.Select(column.Value)];
            var columnWidth = Gap + GetWidth(column.Title, cells);
            if (used.Count > 0 && width + columnWidth > console.Profile.Width)
            {
                WriteTable();
                table = CreateTable();
                width = Margin + labelWidth;
                used.Clear();
            }

            table.AddColumn(new TableColumn(column.Title).RightAligned().NoWrap());
            width += columnWidth;
            used.Add(cells);
        }

        WriteTable();

        Table CreateTable() => new Table().Border(TableBorder.Minimal).AddColumn(new TableColumn(title).NoWrap());

        void WriteTable()
        {
            for (var row = 0; row < labels.Length; row++)
            {
                table.AddRow([Markup.Escape(labels[row]), .. used.Select(cells => Markup.Escape(cells[row]))]);
            }

            console.Write(table);
        }
    }

    private static int GetWidth(string title, IEnumerable<string> cells) => cells.Append(title).Max(static cell => cell.Length);
}
