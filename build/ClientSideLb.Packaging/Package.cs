using System.IO.Compression;
using System.Xml.Linq;

namespace ClientSideLb.Packaging;

/// <summary>A package and its symbol package, as they were packed.</summary>
internal sealed class Package : IDisposable
{
    private readonly ZipArchive _files;
    private readonly ZipArchive? _symbols;
    private readonly XElement _metadata;

    internal Package(string path)
    {
        Size = new FileInfo(path).Length;
        _files = ZipFile.OpenRead(path);
        var symbols = Path.ChangeExtension(path, ".snupkg");
        _symbols = File.Exists(symbols) ? ZipFile.OpenRead(symbols) : null;

        using var nuspec = _files.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        _metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    internal string Name => Value("id") ?? "";

    /// <summary>The size of the file in bytes.</summary>
    internal long Size { get; }

    internal bool IsTool => _metadata.Descendants().Any(element => element.Name.LocalName == "packageType" && (string?)element.Attribute("name") == "DotnetTool");

    internal IEnumerable<string> Paths => _files.Entries.Select(entry => entry.FullName);

    internal bool HasSymbols(string path) => _symbols?.GetEntry(path) is { Length: > 0 };

    /// <summary>What the metadata say under a name, or null.</summary>
    internal string? Value(string name) => Element(name)?.Value;

    internal string? Attribute(string name, string attribute) => (string?)Element(name)?.Attribute(attribute);

    /// <summary>The content of a file, or null if it is not there or empty.</summary>
    internal MemoryStream? Read(string path)
    {
        if (_files.GetEntry(path) is not { Length: > 0 } entry)
        {
            return null;
        }

        using var content = entry.Open();
        var copy = new MemoryStream();
        content.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    public void Dispose()
    {
        _files.Dispose();
        _symbols?.Dispose();
    }

    private XElement? Element(string name) => _metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name);
}
