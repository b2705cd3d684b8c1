namespace ClientSideLb.Simulator.Tests.Support;

/// <summary>The repository that the tests were built from, for tests that read its files.</summary>
internal static class Repository
{
    internal static DirectoryInfo Root { get; } = FindRoot();

    internal static string PathOf(params string[] parts) => Path.Combine([Root.FullName, .. parts]);

    /// <summary>Gets the output folder of another project, in the configuration of the tests.</summary>
    internal static string OutputOf(params string[] project) =>
        Path.Combine(PathOf(project), Path.GetRelativePath(PathOf("tests", "ClientSideLb.Simulator.Tests"), AppContext.BaseDirectory));

    private static DirectoryInfo FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ClientSideLb.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No ClientSideLb.sln above {AppContext.BaseDirectory}.");
        }

        return folder;
    }
}
