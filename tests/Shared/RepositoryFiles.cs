namespace ClientSideLb.Tests.Shared;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class RepositoryFiles
{
    internal static string PathOf(params string[] parts)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "ClientSideLb.sln")))
        {
            directory = directory.Parent;
        }

        return Path.Combine([
            directory?.FullName ?? throw new InvalidOperationException($"No ClientSideLb.sln above {AppContext.BaseDirectory}: these tests run inside the repository."),
            .. parts]);
    }
}
