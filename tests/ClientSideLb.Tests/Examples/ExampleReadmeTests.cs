using System.Text.RegularExpressions;

namespace ClientSideLb.Tests.Examples;

/// <summary>The READMEs of the examples: each example has one, and what it tells the reader to run or to open is there.</summary>
public sealed class ExampleReadmeTests
{
    private static readonly DirectoryInfo Examples = new(Repository.PathOf("examples"));

    public static TheoryData<string> Names => [.. Examples.EnumerateDirectories().Select(static folder => folder.Name).Where(HasFiles)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_example_has_a_readme_that_says_how_to_run_it(string example)
    {
        var readme = ReadReadme(example);

        Assert.StartsWith("# ", readme, StringComparison.Ordinal);
        Assert.Contains("```sh\n", readme, StringComparison.Ordinal);
        Assert.Contains($"[{example}]({example})", File.ReadAllText(Repository.PathOf("examples", "README.md")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_project_file_and_link_in_a_readme_exists(string example)
    {
        var readme = ReadReadme(example);

        Assert.All(
            Regex.Matches(readme, "--project ([^ \n]+)").Select(static match => match.Groups[1].Value),
            static project => Assert.NotEmpty(Directory.GetFiles(Repository.PathOf(project), "*.csproj")));
        Assert.All(
            Regex.Matches(readme, @"\]\((?!http)([^)#]+)(#[^)]*)?\)").Select(static match => match.Groups[1].Value),
            link => Assert.True(Path.Exists(Repository.PathOf("examples", example, link)), link));
    }

    [Fact]
    public void Every_project_that_the_main_readme_tells_to_run_exists()
    {
        var projects = Regex.Matches(File.ReadAllText(Repository.PathOf("README.md")), "--project ([^ \n]+)").Select(static match => match.Groups[1].Value);

        Assert.Contains("examples/Quickstart", projects);
        Assert.All(projects, static project => Assert.NotEmpty(Directory.GetFiles(Repository.PathOf(project), "*.csproj")));
    }

    private static string ReadReadme(string example) => File.ReadAllText(Repository.PathOf("examples", example, "README.md"));

    // A folder that only holds the output of a build is left over from another branch.
    private static bool HasFiles(string example) =>
        new DirectoryInfo(Repository.PathOf("examples", example)).EnumerateFileSystemInfos().Any(static entry => entry.Name is not ("bin" or "obj"));
}
