using ClientSideLb.Benchmarks.Reporting;

namespace ClientSideLb.Benchmarks.Contending;

/// <summary>The table of one kind of work: a row for each strategy and number of threads.</summary>
internal static class SubjectTable
{
    internal static void Write(TextWriter output, string title, IEnumerable<Subject> subjects, ContentionOptions options)
    {
        var table = new MarkdownTable(
            $"{title}, million/s", "threads", "ClientSideLb", "of 1 thread", "of a cluster each", "YARP", "of 1 thread", "ClientSideLb of YARP");
        foreach (var subject in subjects)
        {
            foreach (var threads in options.Threads)
            {
                table.Add([threads == 1 ? subject.Name : "", $"{threads}", .. OwnCells(subject, threads), .. YarpCells(subject, threads)]);
            }
        }

        output.WriteLine();
        table.WriteTo(output);
    }

    private static string[] OwnCells(Subject subject, int threads)
    {
        var own = subject.Own(threads);
        return subject.FindOwnEach(threads) is { } each
            ? [Millions(own), $"{own.To(subject.Own(1))}", $"{own.To(each)}"]
            : [Millions(own), "", ""];
    }

    private static string[] YarpCells(Subject subject, int threads) => subject.FindYarp(threads) is { } yarp
        ? [Millions(yarp), threads == 1 ? "" : $"{yarp.To(subject.FindYarp(1)!)}", $"{subject.Own(threads).To(yarp)}"]
        : [];

    private static string Millions(Series series) => $"{series.Rate / 1e6:0.00}";
}
