namespace ClientSideLb.Packaging;

/// <summary>Makes links between files of the repository work outside of it.</summary>
/// <param name="root">The folder of the repository.</param>
/// <param name="repository">Its address, <c>https://github.com/owner/name</c>.</param>
/// <param name="tag">The tag of the release that the links lead to.</param>
internal sealed class RepositoryLinks(string root, string repository, string tag)
{
    private const string Host = "https://github.com/";

    /// <summary>Tells whether a link leads to the same place wherever it stands.</summary>
    internal static bool IsAbsolute(string link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "mailto";

    /// <summary>The absolute address of what a file links to.</summary>
    /// <param name="file">The file with the link.</param>
    /// <param name="link">The link, relative to the file, or <c>#</c> and a heading of the file.</param>
    /// <param name="isImage">Whether the link is that of an image.</param>
    internal string Resolve(string file, string link, bool isImage)
    {
        var parts = link.Split('#', 2);
        var path = parts[0].Length == 0 ? Path.GetFullPath(file) : Path.GetFullPath(parts[0], Path.GetDirectoryName(Path.GetFullPath(file))!);
        var relative = Path.GetRelativePath(root, path).Replace('\\', '/');
        if (relative.Split('/')[0] == ".." || (!File.Exists(path) && !Directory.Exists(path)))
        {
            throw new PackagingException($"{file} links to {link}, which is not in the repository.");
        }

        var fragment = parts.Length == 2 ? $"#{parts[1]}" : "";
        if (isImage)
        {
            return $"https://raw.githubusercontent.com/{repository[Host.Length..]}/{tag}/{relative}{fragment}";
        }

        return $"{repository}/{(Directory.Exists(path) ? "tree" : "blob")}/{tag}/{relative}{fragment}";
    }
}
