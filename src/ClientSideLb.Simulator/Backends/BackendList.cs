using System.Globalization;

namespace ClientSideLb.Simulator;

/// <summary>Backends by number, as a scenario names them: <c>3</c>, <c>0-4</c>, <c>1,5-7</c> or <c>all</c>.</summary>
internal static class BackendList
{
    internal const string All = "all";

    /// <exception cref="FormatException">It is not such a list, or names backends that there are not.</exception>
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
