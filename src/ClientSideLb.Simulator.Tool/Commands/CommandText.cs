namespace ClientSideLb.Simulator.Tool;

/// <summary>Writes command lines that can be copied into a shell.</summary>
internal static class CommandText
{
    private const string Name = "lbsim";

    /// <summary>Writes the command with arguments and options. Options without a value are left out.</summary>
    internal static string Of(IEnumerable<string> arguments, params IEnumerable<(string Option, string? Value)> options) => string.Join(
        ' ',
        [Name, .. arguments.Select(Quote), .. options.Where(static option => option.Value is not null).SelectMany(static option => (string[])[option.Option, Quote(option.Value!)])]);

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.All(static c => char.IsLetterOrDigit(c) || "-_./:\\".Contains(c, StringComparison.Ordinal)) ? argument : $"\"{argument.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
