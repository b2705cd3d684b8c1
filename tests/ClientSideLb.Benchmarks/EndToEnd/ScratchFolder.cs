namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>A folder for files that nobody needs afterwards.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clientsidelb-");

    internal string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
