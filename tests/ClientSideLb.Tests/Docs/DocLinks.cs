namespace ClientSideLb.Tests.Docs;

/// <summary>Checks that the links of documents lead to something.</summary>
internal static class DocLinks
{
    internal const string Index = "docs/README.md";

    // The project's own files, as a package's README on another site must name them.
    private static readonly string[] OwnSite =
    [
        "https://github.com/clientsidelb/clientsidelb/blob/main/",
        "https://github.com/clientsidelb/clientsidelb/tree/main/",
        "https://github.com/clientsidelb/clientsidelb/raw/main/",
        "https://raw.githubusercontent.com/clientsidelb/clientsidelb/main/",
    ];

    /// <summary>Describes the fault of each link whose file or heading is not there. Links to other sites are not followed.</summary>
    /// <param name="pages">All documents.</param>
    /// <param name="exists">Tells whether there is a file or folder with a path from the root of the repository.</param>
    internal static IReadOnlyList<string> FindFaults(IReadOnlyList<MarkdownPage> pages, Func<string, bool> exists)
    {
        var anchors = pages.ToDictionary(static page => page.Document, static page => page.GetAnchors());
        return [.. pages.SelectMany(static page => page.GetLinks()).Select(link => FindFault(link, anchors, exists)).OfType<string>()];
    }

    /// <summary>Describes the fault of each page in <c>docs</c> that the index does not link to.</summary>
    internal static IReadOnlyList<string> FindUnlisted(IReadOnlyList<MarkdownPage> pages)
    {
        var listed = pages.Single(static page => page.Document == Index).GetLinks().Select(static link => ResolvePath(link).Path).ToHashSet();
        return
        [
            .. pages
                .Select(static page => page.Document)
                .Where(document => document.StartsWith("docs/", StringComparison.Ordinal) && document != Index && !listed.Contains(document))
                .Select(static document => $"{document}: {Index} does not list this page. Add a line for it there."),
        ];
    }

    private static string? FindFault(MarkdownLink link, Dictionary<string, IReadOnlySet<string>> anchors, Func<string, bool> exists)
    {
        var (path, anchor) = ResolvePath(link);
        return path switch
        {
            null => null,
            _ when path.StartsWith("..", StringComparison.Ordinal) => $"{link.Document}:{link.Line}: '{link.Target}' is outside of the repository.",
            _ when !exists(path) => $"{link.Document}:{link.Line}: '{link.Target}' leads to {path}, which is not there.",
            _ when anchor.Length > 0 && anchors.TryGetValue(path, out var known) && !known.Contains(anchor) =>
                $"{link.Document}:{link.Line}: '{link.Target}' leads to a heading that {path} does not have. It has {string.Join(", ", known)}.",
            _ => null,
        };
    }

    private static (string? Path, string Anchor) ResolvePath(MarkdownLink link)
    {
        var own = OwnSite.FirstOrDefault(start => link.Target.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        if (own is null && (link.Target.Contains("://", StringComparison.Ordinal) || link.Target.StartsWith("mailto:", StringComparison.Ordinal)))
        {
            return (null, "");
        }

        var parts = (own is null ? link.Target : link.Target[own.Length..]).Split('#', 2);
        var folder = own is null ? Path.GetDirectoryName(link.Document) ?? "" : "";
        var path = parts[0].Length == 0 ? link.Document : Normalize(folder, Uri.UnescapeDataString(parts[0]));
        return (path, parts.Length > 1 ? parts[1] : "");
    }

    private static string Normalize(string folder, string target)
    {
        // The root is one that no path of a test can leave by accident.
        var root = Path.GetFullPath("/a/b/c/d");
        return Path.GetRelativePath(root, Path.GetFullPath(Path.Combine(root, folder, target))).Replace('\\', '/');
    }
}
