using System.Globalization;

namespace GatewayContrast;

/// <summary>The options of the command line.</summary>
/// <param name="Duration">The total time in which requests are sent.</param>
/// <param name="ShowHelp">Whether to show only the help.</param>
internal sealed record ContrastOptions(TimeSpan Duration, bool ShowHelp = false)
{
    internal const int Backends = 3;

    private const int DefaultSeconds = 15;
    private const int MinSeconds = 2;
    private const int MaxSeconds = 600;

    internal static string Help { get; } =
        $"""
        Sends the same load to {Backends} local backends in two ways, in turns: balanced in the client by
        ClientSideLb, and through a gateway, YARP. Shows side by side what each costs.

        Usage: dotnet run --project examples/GatewayContrast --configuration Release -- [options]

          --seconds N   How long to send, {MinSeconds} to {MaxSeconds}; the default is {DefaultSeconds}. More gives steadier figures.
          --help        Shows this text.

        Exit codes: {ExitCodes.Success} all requests succeeded, {ExitCodes.Failed} some failed or a server
        did not start, {ExitCodes.BadArguments} bad arguments, {ExitCodes.Interrupted} stopped by Ctrl+C.
        """;

    /// <exception cref="UsageException">The arguments are wrong.</exception>
    internal static ContrastOptions Parse(string[] args)
    {
        if (args.Any(static arg => arg is "--help" or "-h" or "-?"))
        {
            return new ContrastOptions(TimeSpan.Zero, ShowHelp: true);
        }

        // Both "--seconds 5" and "--seconds=5" are accepted.
        return args switch
        {
            [] => new ContrastOptions(TimeSpan.FromSeconds(DefaultSeconds)),
            ["--seconds"] => throw new UsageException("--seconds needs a value; see --help."),
            ["--seconds", var value] => new ContrastOptions(ReadSeconds(value)),
            [var one] when one.StartsWith("--seconds=", StringComparison.Ordinal) => new ContrastOptions(ReadSeconds(one["--seconds=".Length..])),
            _ => throw new UsageException($"'{string.Join(' ', args)}' is not understood; expected --seconds N or --help."),
        };
    }

    private static TimeSpan ReadSeconds(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= MinSeconds and <= MaxSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"--seconds is '{value}'; expected a whole number from {MinSeconds} to {MaxSeconds}.");
}
