using ClientSideLb.Benchmarks.Reporting;

namespace ClientSideLb.Benchmarks.Contending;

/// <summary>The table of the single pieces of a request's way: what each costs a thread alone, and while other threads do the same.</summary>
internal static class PieceTable
{
    internal static void Write(TextWriter output, IEnumerable<Piece> pieces, ContentionOptions options)
    {
        var table = new MarkdownTable(
            ["pieces, ns", "1 thread", .. options.Threads.Skip(1).SelectMany(static threads => new[] { $"{threads} at one", $"{threads} at one each", "times" })]);
        foreach (var piece in pieces)
        {
            table.Add([piece.Name, $"{piece.Alone.Nanoseconds:0.0}", .. options.Threads.Skip(1).SelectMany(threads => Cells(piece.Together(threads)))]);
        }

        output.WriteLine();
        table.WriteTo(output);
    }

    private static string[] Cells((Series AtOne, Series AtOneEach) together) =>
        [$"{together.AtOne.Nanoseconds:0.0}", $"{together.AtOneEach.Nanoseconds:0.0}", $"{together.AtOneEach.To(together.AtOne)}"];
}
