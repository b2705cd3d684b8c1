using System.Globalization;

namespace ClientSideLb.Simulator.Tool;

/// <summary>The data needed to repeat a run with the same results.</summary>
internal sealed record RunSetup
{
    /// <summary>Gets the command line that repeats the run.</summary>
    internal required string Command { get; init; }

    /// <summary>Gets the path of the scenario's file, or <see langword="null"/> for a named scenario.</summary>
    internal string? File { get; init; }

    /// <summary>Gets the strategy that was asked for, or <see langword="null"/> if the scenario has its own.</summary>
    internal string? Strategy { get; init; }

    internal required int Backends { get; init; }

    /// <summary>Gets the number of clients, or <see langword="null"/> if the scenario has no traffic.</summary>
    internal int? Clients { get; init; }

    /// <summary>Gets the load of a named scenario, or <see langword="null"/> if there is none.</summary>
    internal double? Load { get; init; }

    /// <summary>Gets the arrivals of the requests of a scenario from a file, in words.</summary>
    internal string? Arrivals { get; init; }

    internal TimeSpan? Duration { get; init; }

    internal TimeSpan? WarmUp { get; init; }

    internal int? Seed { get; init; }

    internal ChangeKind? Fault { get; init; }

    /// <summary>Describes the run in one line.</summary>
    public override string ToString()
    {
        var parts = new List<string> { Count(Backends, "backend") };
        if (Clients is { } clients)
        {
            parts.Add(Count(clients, "client"));
        }

        AddIf(Arrivals, static arrivals => arrivals);
        AddIf(Load, static load => string.Create(CultureInfo.InvariantCulture, $"load {load:0.###}"));
        AddIf(Strategy, static strategy => $"strategy {strategy}");
        AddIf(Fault?.ToString().ToLowerInvariant(), static fault => $"fault {fault}");
        AddIf(
            Duration is { } duration ? TimeText.Format(duration) : null,
            time => WarmUp is { } warmUp && warmUp > TimeSpan.Zero ? $"{time} of which the first {Format(warmUp)} are not measured" : time);
        AddIf(Seed, static seed => string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        return $"{string.Join(", ", parts)}; lbsim {ToolVersion.Short}";

        void AddIf<T>(T? value, Func<T, string> format)
        {
            if (value is not null)
            {
                parts.Add(format(value));
            }
        }
    }

    // The warm-up is often a part of the duration, with many digits.
    private static string Format(TimeSpan time) => TimeText.Format(time) is var exact && exact.Contains(':', StringComparison.Ordinal) ? Simulator.Duration.Format(time) : exact;

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");
}
