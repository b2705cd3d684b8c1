using System.IO.Compression;

namespace ClientSideLb.Packaging.Tests;

/// <summary>A small package that has everything, until a test takes something away.</summary>
internal sealed class SamplePackage : IDisposable
{
    private const string Assembly = "lib/net10.0/ClientSideLb.Sample";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    internal SamplePackage() => Compile("namespace Sample; /** <summary>Yes.</summary> */ public class Visible;");

    internal Dictionary<string, string> Metadata { get; } = new()
    {
        ["id"] = "ClientSideLb.Sample",
        ["version"] = "1.2.3",
        ["authors"] = "Authors",
        ["description"] = "Description",
        ["tags"] = "tag",
        ["releaseNotes"] = "https://a.example/notes",
        ["copyright"] = "Copyright",
        ["license"] = "MIT",
        ["projectUrl"] = "https://a.example",
        ["icon"] = "icon.png",
        ["readme"] = "README.md",
    };

    internal string Repository { get; set; } = "<repository type=\"git\" url=\"https://github.com/owner/name\" commit=\"0123\" />";

    internal Dictionary<string, byte[]> Files { get; } = new()
    {
        ["README.md"] = "[Sample](https://a.example)"u8.ToArray(),
        ["icon.png"] = [1],
    };

    internal Dictionary<string, byte[]> Symbols { get; } = new() { [$"{Assembly}.pdb"] = [1] };

    internal void Compile(string code) => (Files[$"{Assembly}.dll"], Files[$"{Assembly}.xml"]) = SampleAssembly.Compile(code);

    /// <summary>Writes both packages.</summary>
    /// <returns>The path of the package.</returns>
    internal string Write()
    {
        var nuspec = $"<package><metadata>{string.Concat(Metadata.Select(pair => $"<{pair.Key}>{pair.Value}</{pair.Key}>"))}{Repository}</metadata></package>";
        Files["ClientSideLb.Sample.nuspec"] = System.Text.Encoding.UTF8.GetBytes(nuspec);

        var path = Path.Combine(_folder.FullName, "ClientSideLb.Sample.1.2.3.nupkg");
        WriteArchive(path, Files);
        if (Symbols.Count > 0)
        {
            WriteArchive(Path.ChangeExtension(path, ".snupkg"), Symbols);
        }

        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void WriteArchive(string path, Dictionary<string, byte[]> files)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, content) in files)
        {
            using var entry = archive.CreateEntry(name).Open();
            entry.Write(content);
        }
    }
}
