using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ClientSideLb.Packaging.Tests;

/// <summary>A small assembly with its documentation.</summary>
internal static class SampleAssembly
{
    private static readonly MetadataReference[] References =
    [
        .. new[] { typeof(object), typeof(HttpClient) }.Select(type => MetadataReference.CreateFromFile(type.Assembly.Location)),
        MetadataReference.CreateFromFile(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System.Runtime.dll")),
    ];

    internal static (byte[] Assembly, byte[] Documentation) Compile(string code)
    {
        var compilation = CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText(code, CSharpParseOptions.Default.WithDocumentationMode(DocumentationMode.Diagnose))],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

        using var assembly = new MemoryStream();
        using var documentation = new MemoryStream();
        var result = compilation.Emit(assembly, xmlDocumentationStream: documentation);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return (assembly.ToArray(), documentation.ToArray());
    }
}
