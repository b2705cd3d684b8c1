using System.Globalization;
using System.Text;

namespace ClientSideLb.Packaging;

/// <summary>What every package must have.</summary>
internal static class PackageCheck
{
    /// <summary>What is larger holds something that nobody needs, such as the libraries of other platforms.</summary>
    internal const long LargestSize = 15_000_000;

    private static readonly string[] Texts = ["version", "authors", "description", "tags", "releaseNotes", "copyright", "license", "projectUrl", "icon", "readme"];

    /// <summary>Finds what is missing or wrong, one sentence for each fault.</summary>
    internal static IEnumerable<string> FindFaults(Package package) =>
        [.. FindSizeFaults(package), .. FindMetadataFaults(package), .. FindReadmeFaults(package), .. FindSymbolFaults(package), .. FindDocumentationFaults(package)];

    private static IEnumerable<string> FindSizeFaults(Package package)
    {
        if (package.Size > LargestSize)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"has {package.Size:N0} bytes, and may have {LargestSize:N0}.");
        }
    }

    private static IEnumerable<string> FindMetadataFaults(Package package)
    {
        foreach (var text in Texts.Where(text => string.IsNullOrWhiteSpace(package.Value(text))))
        {
            yield return $"has no {text}.";
        }

        foreach (var attribute in (string[])["type", "url", "commit"])
        {
            if (string.IsNullOrWhiteSpace(package.Attribute("repository", attribute)))
            {
                yield return $"does not say the {attribute} of its repository.";
            }
        }

        if (package.Value("icon") is { } icon && package.Read(icon) is null)
        {
            yield return $"does not hold its icon {icon}.";
        }
    }

    private static IEnumerable<string> FindReadmeFaults(Package package)
    {
        if (package.Value("readme") is not { } path)
        {
            yield break;
        }

        if (package.Read(path) is not { } readme)
        {
            yield return $"does not hold its {path}.";
            yield break;
        }

        foreach (var link in MarkdownLinks.Find(Encoding.UTF8.GetString(readme.ToArray())).Where(link => !RepositoryLinks.IsAbsolute(link)))
        {
            yield return $"has a link in its {path} that leads nowhere outside of the repository: {link}.";
        }
    }

    private static IEnumerable<string> FindSymbolFaults(Package package)
    {
        var own = OwnAssemblies(package).ToArray();
        if (own.Length == 0)
        {
            yield return "has no assembly of its own.";
        }

        foreach (var path in own.Select(path => Path.ChangeExtension(path, ".pdb")).Where(path => !package.HasSymbols(path)))
        {
            yield return $"has a symbol package without {path}, or none.";
        }
    }

    private static IEnumerable<string> FindDocumentationFaults(Package package)
    {
        // Nobody compiles against a tool.
        if (package.IsTool)
        {
            yield break;
        }

        foreach (var path in OwnAssemblies(package))
        {
            var file = Path.ChangeExtension(path, ".xml");
            if (package.Read(file) is not { } documentation)
            {
                yield return $"has no {file}.";
                continue;
            }

            var visible = PublicSurface.Read(package.Read(path)!);
            var documented = DocumentationFile.ReadMembers(documentation);
            foreach (var id in documented.Where(id => !visible.Contains(id)))
            {
                yield return $"documents what nobody else can see: {id}.";
            }

            foreach (var id in visible.Types.Except(documented))
            {
                yield return $"does not document {id}.";
            }
        }
    }

    private static IEnumerable<string> OwnAssemblies(Package package) => package.Paths.Where(path =>
        path.EndsWith(".dll", StringComparison.Ordinal)
        && Path.GetFileName(path) is var name
        && (name.StartsWith("ClientSideLb", StringComparison.Ordinal) || name == "lbsim.dll"));
}
