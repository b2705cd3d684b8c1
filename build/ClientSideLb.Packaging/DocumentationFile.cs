using System.Xml.Linq;

namespace ClientSideLb.Packaging;

/// <summary>
/// The documentation file of an assembly. The compiler writes the comments of all members into it, also those of internal ones, which say nothing to a user
/// and are read by editors and by generators of reference pages.
/// </summary>
internal static class DocumentationFile
{
    /// <summary>Copies the file without what only the assembly itself can see.</summary>
    internal static void Write(string source, string assembly, string target)
    {
        var document = XDocument.Load(source, LoadOptions.PreserveWhitespace);
        var visible = PublicSurface.Read(assembly);
        foreach (var member in Members(document).Where(member => !visible.Contains(Name(member))).ToArray())
        {
            // The line break before it, too.
            if (member.PreviousNode is XText space && string.IsNullOrWhiteSpace(space.Value))
            {
                space.Remove();
            }

            member.Remove();
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        document.Save(target, SaveOptions.DisableFormatting);
    }

    /// <summary>The identifiers of all that is documented.</summary>
    internal static IReadOnlyList<string> ReadMembers(Stream file) => [.. Members(XDocument.Load(file)).Select(Name)];

    private static IEnumerable<XElement> Members(XDocument document) => document.Root!.Element("members")!.Elements("member");

    private static string Name(XElement member) => (string)member.Attribute("name")!;
}
