using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ClientSideLb.Packaging;

/// <summary>The types and members of an assembly that other assemblies can use.</summary>
internal sealed class PublicSurface
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    private PublicSurface(IAssemblySymbol assembly) => AddTypes(assembly.GlobalNamespace);

    /// <summary>The identifiers of the types, as in documentation files: <c>T:Namespace.Type</c>.</summary>
    internal IEnumerable<string> Types => _ids.Where(id => id.StartsWith("T:", StringComparison.Ordinal));

    /// <summary>Reads an assembly. What it refers to need not be there.</summary>
    internal static PublicSurface Read(string path)
    {
        using var image = File.OpenRead(path);
        return Read(image);
    }

    internal static PublicSurface Read(Stream image)
    {
        var reference = MetadataReference.CreateFromStream(image);
        var compilation = CSharpCompilation.Create(
            "Reader",
            references: [reference, MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return new PublicSurface((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!);
    }

    /// <summary>Tells whether other assemblies can use what the identifier names.</summary>
    internal bool Contains(string id) => _ids.Contains(id);

    private void AddTypes(INamespaceOrTypeSymbol container)
    {
        foreach (var member in container.GetMembers())
        {
            if (member is INamespaceSymbol inner)
            {
                AddTypes(inner);
            }
            else if (IsVisible(member))
            {
                _ids.Add(member.GetDocumentationCommentId()!);
                if (member is INamedTypeSymbol type)
                {
                    AddTypes(type);
                }
            }
        }
    }

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
}
