namespace ClientSideLb.Packaging;

/// <summary>The lists of public types and members of a project. The build compares them with the code.</summary>
internal static class PublicApiFiles
{
    private const string Header = "#nullable enable";
    private const string Removed = "*REMOVED*";

    /// <summary>Moves what has been added since the last release to the list of what is released, and takes out what has been removed.</summary>
    /// <param name="folder">The folder of the project.</param>
    internal static void Ship(string folder)
    {
        var shipped = Path.Combine(folder, "PublicAPI.Shipped.txt");
        var unshipped = Path.Combine(folder, "PublicAPI.Unshipped.txt");
        if (!File.Exists(shipped))
        {
            // A tool, or code that projects share.
            return;
        }

        var changes = ReadLines(unshipped).ToLookup(line => line.StartsWith(Removed, StringComparison.Ordinal));

        var members = ReadLines(shipped)
            .Except(changes[true].Select(line => line[Removed.Length..]))
            .Union(changes[false])
            .Order(StringComparer.Ordinal);
        WriteLines(shipped, members);
        WriteLines(unshipped, []);
    }

    private static string[] ReadLines(string path) => [.. File.ReadAllLines(path).Where(line => line.Length > 0 && line != Header)];

    private static void WriteLines(string path, IEnumerable<string> members) =>
        File.WriteAllText(path, string.Concat(members.Prepend(Header).Select(line => line + "\n")));
}
