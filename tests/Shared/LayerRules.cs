using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClientSideLb.Tests.Shared;

/// <summary>
/// Checks the layers of a project. A layer is a folder of the project, and may use only itself and the layers below it. The compiler resolves
/// each name in the sources, so that a property with the name of a type is not mistaken for the type.
/// </summary>
internal sealed class LayerRules
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private readonly string _project;
    private readonly string[] _layers;
    private readonly CSharpCompilation _compilation;

    /// <param name="project">The name of the project, which is also that of its assembly and of its root namespace.</param>
    /// <param name="layers">The folders of the project, the lowest layer first.</param>
    /// <param name="files">The source files: their paths relative to the project's folder, with slashes, and their texts.</param>
    internal LayerRules(string project, string[] layers, IEnumerable<(string Path, string Text)> files)
    {
        _project = project;
        _layers = layers;
        var options = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None);
        _compilation = CSharpCompilation.Create(
            project,
            files.Append(("", ImplicitUsings)).Select(file => CSharpSyntaxTree.ParseText(file.Item2, options, file.Item1)),
            FindReferences(project),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    /// <summary>Reads the sources of a project.</summary>
    internal static LayerRules Read(DirectoryInfo folder, params string[] layers) => new(
        folder.Name,
        layers,
        folder.EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: System.IO.Path.GetRelativePath(folder.FullName, file.FullName).Replace('\\', '/'), File: file))
            .Where(static file => GetFolder(file.Path) is not ("bin" or "obj"))
            .Select(static file => (file.Path, File.ReadAllText(file.File.FullName))));

    /// <summary>Finds the uses of layers that are above the layer of the file, with the first line for each type and file.</summary>
    internal IEnumerable<string> FindWrongUses() =>
        from tree in _compilation.SyntaxTrees
        let model = _compilation.GetSemanticModel(tree)
        from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
        let type = FindType(model.GetSymbolInfo(name))
        where type is not null && GetLevel(type) > GetLevel(tree)
        group tree.GetLineSpan(name.Span).StartLinePosition.Line + 1 by (tree.FilePath, type.Name, Layer: _layers[GetLevel(type)]) into uses
        select $"{uses.Key.FilePath}({uses.First()}) uses {uses.Key.Name}, which is in the layer {uses.Key.Layer} above it.";

    /// <summary>
    /// Finds files that are in no layer, layers without a file, internal types that are not in the namespace of their layer, and public types
    /// that are in the namespace of a layer.
    /// </summary>
    internal IEnumerable<string> FindMisplacedTypes() =>
    [
        .. from layer in _layers
           where !_compilation.SyntaxTrees.Any(tree => GetFolder(tree.FilePath) == layer)
           select $"The layer {layer} has no file.",
        .. from tree in _compilation.SyntaxTrees
           where tree.FilePath.Length > 0 && GetLevel(tree) < 0
           select $"{tree.FilePath} is in no layer.",
        .. from tree in _compilation.SyntaxTrees
           where GetLevel(tree) >= 0
           let model = _compilation.GetSemanticModel(tree)
           from declaration in tree.GetRoot().DescendantNodes(static node => node is not BaseTypeDeclarationSyntax).OfType<MemberDeclarationSyntax>()
           let type = model.GetDeclaredSymbol(declaration) as INamedTypeSymbol
           where type is not null
           let isInLayer = type.ContainingNamespace.ToDisplayString() == $"{_project}.{GetFolder(tree.FilePath)}"
           where isInLayer == (type.DeclaredAccessibility == Accessibility.Public)
           select $"{tree.FilePath} has the {(isInLayer ? "public" : "internal")} type {type.Name} in the namespace {type.ContainingNamespace}.",
    ];

    private static string GetFolder(string path) => path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "";

    // The project's own assembly is left out, because its types are in the sources.
    private static IEnumerable<MetadataReference> FindReferences(string project) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => Path.GetFileNameWithoutExtension(path) != project)
        .Select(static path => MetadataReference.CreateFromFile(path));

    // The outermost type that a name stands for, or that has the member that it stands for.
    private static INamedTypeSymbol? FindType(SymbolInfo info)
    {
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
        while (type?.ContainingType is { } outer)
        {
            type = outer;
        }

        return type?.OriginalDefinition;
    }

    private int GetLevel(INamedTypeSymbol type) => type.DeclaringSyntaxReferences is [var first, ..] ? GetLevel(first.SyntaxTree) : -1;

    private int GetLevel(SyntaxTree tree) => Array.IndexOf(_layers, GetFolder(tree.FilePath));
}
