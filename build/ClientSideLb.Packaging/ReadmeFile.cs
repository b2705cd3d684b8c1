namespace ClientSideLb.Packaging;

/// <summary>The README of a package.</summary>
internal static class ReadmeFile
{
    /// <summary>Copies a page. Its links to files of the repository become absolute.</summary>
    internal static void Write(string source, string target, RepositoryLinks links)
    {
        var text = MarkdownLinks.Replace(
            File.ReadAllText(source),
            (link, isImage) => RepositoryLinks.IsAbsolute(link) ? link : links.Resolve(source, link, isImage));

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        File.WriteAllText(target, text);
    }
}
