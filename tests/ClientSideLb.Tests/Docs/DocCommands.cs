namespace ClientSideLb.Tests.Docs;

/// <summary>Checks that the commands of documents name projects and files that exist.</summary>
internal static class DocCommands
{
    private static readonly string[] DotnetVerbs = ["build", "test", "publish", "pack", "run", "restore"];
    private static readonly string[] Folders = ["examples/", "src/", "tests/", "docs/", ".ci/"];
    private static readonly string[] Inputs = [".yaml", ".yml", ".csproj", ".sln", ".sh"];

    internal static IReadOnlyList<string> FindFaults(IEnumerable<DocBlock> blocks, Func<string, bool> exists) =>
    [
        .. from block in blocks
           where block.Language is "sh" or "bash" or "shell"
           from line in block.Code.Index()
           from path in FindPaths(line.Item)
           where !exists(path) && !exists($"{Path.GetDirectoryName(block.Document)}/{path}")
           select $"{block.Document}:{block.Line + line.Index}: the command names {path}, which is not there.",
    ];

    // A word stands for a file or folder of the repository by its place or by its look. Others may be what the command makes.
    private static IEnumerable<string> FindPaths(string line)
    {
        var words = line.Split(" #")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var before = i > 0 ? words[i - 1] : "";
            if (before == "--project"
                || (i > 1 && words[i - 2] == "dotnet" && DotnetVerbs.Contains(before) && !words[i].StartsWith('-'))
                || Folders.Any(folder => words[i].StartsWith(folder, StringComparison.Ordinal))
                || (before is "-f" or "--filename" && Inputs.Any(input => words[i].EndsWith(input, StringComparison.Ordinal))))
            {
                yield return words[i].Trim('"', '\'');
            }
        }
    }
}
