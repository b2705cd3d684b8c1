namespace ClientSideLb.Benchmarks.Contending;

/// <summary>Measures the parts, and writes the table of each one when it is done.</summary>
internal sealed class ContentionTables(ContentionOptions options, TextWriter output, IProgress<string> progress)
{
    private readonly List<Series> _measured = [];

    internal void Write()
    {
        foreach (var part in options.Parts)
        {
            switch (part)
            {
                case ContentionOptions.Picks:
                    Compare("picks", Subjects(PickWork.Own, PickWork.TryYarp));
                    break;
                case ContentionOptions.Leases:
                    Compare("picks with a lease", Subjects(LeaseWork.Own, LeaseWork.TryYarp));
                    break;
                case ContentionOptions.Requests:
                    CompareRequests();
                    break;
                default:
                    TakeApart();
                    break;
            }
        }

        output.WriteLine();
        output.WriteLine($"Processor time that the threads got, of what they could have used: {string.Join(", ", options.Threads.Select(DescribeShare))}.");
    }

    private void CompareRequests()
    {
        using var requests = new RequestWork();
        Compare("whole requests", [new Subject(requests.Bare(), yarp: null, options), .. Subjects(requests.Own, requests.TryYarp)]);
    }

    private void Compare(string title, Subject[] subjects)
    {
        Measure(title, subjects.SelectMany(static subject => subject.All));
        SubjectTable.Write(output, title, subjects, options);
    }

    private void TakeApart()
    {
        Piece[] pieces = [.. PieceWork.All(options).Select(work => new Piece(work, options))];
        Measure("pieces", pieces.SelectMany(static piece => piece.All));
        PieceTable.Write(output, pieces, options);
    }

    private Subject[] Subjects(Func<string, int, Work> own, Func<string, int, Work?> yarp) =>
        [.. Strategies.Names.Select(strategy => new Subject(own(strategy, options.Endpoints), yarp(strategy, options.Endpoints), options))];

    private void Measure(string title, IEnumerable<Series> series)
    {
        Series[] all = [.. series];
        Measurement.Run(all, options, title, progress);
        _measured.AddRange(all);
    }

    private string DescribeShare(int threads)
    {
        var share = Median.Of(_measured.Where(series => series.Actions.Count == threads).Select(static series => series.ProcessorShare));
        return $"{threads} {(threads == 1 ? "thread" : "threads")} {share:P0}";
    }
}
