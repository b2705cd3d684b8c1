namespace ClientSideLb.Tests;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    internal static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Gets the output folder of another project, in the configuration of the tests.</summary>
    internal static string OutputOf(params string[] project)
    {
        var output = Path.GetRelativePath(PathOf("tests", "ClientSideLb.Tests"), AppContext.BaseDirectory);
        return Path.Combine(PathOf(project), output);
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "ClientSideLb.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName
            ?? throw new InvalidOperationException($"No ClientSideLb.sln above {AppContext.BaseDirectory}: these tests run inside the repository.");
    }
}
