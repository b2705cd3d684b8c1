using System.Globalization;

namespace AiEndpoints;

/// <summary>The options of the command line.</summary>
/// <param name="Minutes">How many minutes each part lasts. They are shorter than real ones: <see cref="Service.Minute"/>.</param>
/// <param name="ShowHelp">Whether to show only the help.</param>
internal sealed record AiOptions(int Minutes, bool ShowHelp = false)
{
    private const int DefaultMinutes = 2;
    private const int MinMinutes = 1;
    private const int MaxMinutes = 100;

    internal static string Help { get; } =
        $"""
        Plays {Service.Names.Count} local deployments of one AI model, each with a quota of tokens a
        minute, and sends them chats: more than one quota allows, without and with
        Failover.MoveRejected, and then more than all quotas allow. Nothing leaves
        this machine.

        Usage: dotnet run --project examples/AiEndpoints -- [options]

          --minutes N   How many minutes each of the {Part.All.Count} parts lasts, {MinMinutes} to {MaxMinutes};
                        the default is {DefaultMinutes}. A minute lasts {Service.Minute.TotalSeconds} seconds here.
          --help        Shows this text.

        Exit codes: {ExitCodes.Success} with MoveRejected no caller saw a 429 and each deployment was
        used, {ExitCodes.Failed} otherwise, {ExitCodes.BadArguments} bad arguments, {ExitCodes.Interrupted} stopped by Ctrl+C.
        """;

    /// <exception cref="UsageException">The arguments are wrong.</exception>
    internal static AiOptions Parse(string[] args)
    {
        if (args.Any(static arg => arg is "--help" or "-h" or "-?"))
        {
            return new AiOptions(0, ShowHelp: true);
        }

        // Both "--minutes 5" and "--minutes=5" are accepted.
        return args switch
        {
            [] => new AiOptions(DefaultMinutes),
            ["--minutes"] => throw new UsageException("--minutes needs a value; see --help."),
            ["--minutes", var value] => new AiOptions(ReadMinutes(value)),
            [var one] when one.StartsWith("--minutes=", StringComparison.Ordinal) => new AiOptions(ReadMinutes(one["--minutes=".Length..])),
            _ => throw new UsageException($"'{string.Join(' ', args)}' is not understood; expected --minutes N or --help."),
        };
    }

    private static int ReadMinutes(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is >= MinMinutes and <= MaxMinutes
            ? minutes
            : throw new UsageException($"--minutes is '{value}'; expected a whole number from {MinMinutes} to {MaxMinutes}.");
}
