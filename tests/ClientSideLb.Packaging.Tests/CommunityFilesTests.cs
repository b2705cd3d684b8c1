using System.Text.RegularExpressions;
using System.Xml.Linq;
using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Packaging.Tests;

/// <summary>The files that say how to ask, report and contribute.</summary>
public sealed partial class CommunityFilesTests
{
    public static TheoryData<string> Pages => ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "SUPPORT.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_between_files_leads_somewhere(string page)
    {
        var path = RepositoryFiles.PathOf(page);
        var links = new RepositoryLinks(RepositoryFiles.PathOf(), ReadRepositoryUrl(), "main");

        foreach (var link in MarkdownLinks.Find(File.ReadAllText(path)).Where(link => !RepositoryLinks.IsAbsolute(link)))
        {
            Assert.StartsWith(ReadRepositoryUrl(), links.Resolve(path, link, isImage: false), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Addresses_of_the_repository_are_those_of_the_packages()
    {
        string[] files = [
            RepositoryFiles.PathOf("SECURITY.md"),
            RepositoryFiles.PathOf("SUPPORT.md"),
            .. Directory.GetFiles(RepositoryFiles.PathOf(".github"), "*", SearchOption.AllDirectories)];
        var addresses = files.SelectMany(file => GitHubAddress().Matches(File.ReadAllText(file))).Select(match => match.Value).ToArray();

        Assert.NotEmpty(addresses);
        Assert.All(addresses, address => Assert.StartsWith(ReadRepositoryUrl() + "/", address, StringComparison.Ordinal));
    }

    private static string ReadRepositoryUrl() =>
        XDocument.Load(RepositoryFiles.PathOf("Directory.Build.props")).Descendants("RepositoryUrl").Single().Value;

    [GeneratedRegex("""https://github\.com/[^\s)"]+""")]
    private static partial Regex GitHubAddress();
}
