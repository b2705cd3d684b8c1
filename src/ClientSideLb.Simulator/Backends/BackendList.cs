using System.Globalization;

namespace ClientSideLb.Simulator.Backends;

/// <summary>Reads lists of backends in a scenario: <c>3</c>, <c>0-4</c>, <c>1,5-7</c> or <c>all</c>.</summary>
internal static class BackendList
{
    private const string All = "all";

    /// <summary>Reads a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="count">The number of backends in the scenario.</param>
    /// <returns>The indices of the backends, in ascending order.</returns>
    /// <exception cref="FormatException">The text is not such a list, or names a backend that does not exist.</exception>
    internal static IReadOnlyList<int> Parse(string list, int count)
    {
        if (list == All)
        {
            return [.. Enumerable.Range(0, count)];
        }

        var backends = new SortedSet<int>();
        foreach (var part in list.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2
                || !int.TryParse(ends[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(ends[^1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                || first > last)
            {
                throw new FormatException($"is '{list}'; expected backends by number, such as '3', '0-4', '1,5-7' or '{All}'.");
            }

            if (last >= count)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"names backend {last}, but the backends are numbered from 0 to {count - 1}."));
            }

            backends.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return [.. backends];
    }
}
