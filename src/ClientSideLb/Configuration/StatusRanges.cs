using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ClientSideLb.Configuration;

/// <summary>A set of HTTP statuses, written as numbers and ranges: <c>200,204,300-399</c>.</summary>
internal sealed class StatusRanges
{
    private readonly List<(int First, int Last)> _ranges = [];

    internal static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out StatusRanges? ranges)
    {
        ranges = new StatusRanges();
        foreach (var part in (text ?? "").Split(','))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var (first, last) = dash < 0 ? (part, part) : (part[..dash], part[(dash + 1)..]);
            if (!TryParseStatus(first, out var from) || !TryParseStatus(last, out var to) || from > to)
            {
                ranges = null;
                return false;
            }

            ranges._ranges.Add((from, to));
        }

        return true;
    }

    internal bool Contains(int status) => _ranges.Exists(range => status >= range.First && status <= range.Last);

    private static bool TryParseStatus(string text, out int status) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= 100 and <= 599;
}
