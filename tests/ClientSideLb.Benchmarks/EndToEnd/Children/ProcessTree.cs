using System.Globalization;

namespace ClientSideLb.Benchmarks.EndToEnd.Children;

/// <summary>A process with those that it has started. Linux only.</summary>
internal static class ProcessTree
{
    internal static IEnumerable<int> Of(int root)
    {
        var parents = ReadParents();
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(parents.Where(entry => entry.Value == tree[i]).Select(static entry => entry.Key));
        }

        return tree;
    }

    private static Dictionary<int, int> ReadParents()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                try
                {
                    // "17 (the name, which may hold anything) S 1 ...": the state and the parent follow the last parenthesis.
                    var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                    parents[id] = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
                }
                catch (IOException)
                {
                    // It has ended meanwhile.
                }
            }
        }

        return parents;
    }
}
