namespace ClientSideLb.Simulator;

/// <summary>Times that were measured, each as likely as the others.</summary>
public sealed record MeasuredTime : ServiceTime
{
    private const double NanosecondsPerMillisecond = 1e6;

    /// <summary>Gets the measured times in milliseconds.</summary>
    /// <value>At least one, all above 0. Empty where <see cref="File"/> is to be read.</value>
    public IReadOnlyList<double> Milliseconds { get; init; } = [];

    /// <summary>Gets a file with one time in milliseconds a line. A scenario's file names it relative to itself.</summary>
    public string? File { get; init; }

    internal override double MeanSeconds => Milliseconds.Average() / 1000;

    internal override double Draw(SeededRandom random) => Milliseconds[random.Next(Milliseconds.Count)] * NanosecondsPerMillisecond;
}
