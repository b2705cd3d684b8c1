using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Packaging.Tests;

public sealed class RepositoryLinksTests
{
    private static readonly RepositoryLinks Links = new(RepositoryFiles.PathOf(), "https://github.com/owner/name", "v1.2.3");

    [Theory]
    [InlineData("README.md", "docs/limits.md", "blob/v1.2.3/docs/limits.md")]
    [InlineData("README.md", "docs/limits.md#a-heading", "blob/v1.2.3/docs/limits.md#a-heading")]
    [InlineData("README.md", "examples/Quickstart", "tree/v1.2.3/examples/Quickstart")]
    [InlineData("docs/live-page.md", "limits.md", "blob/v1.2.3/docs/limits.md")]
    [InlineData("docs/live-page.md", "../CHANGELOG.md", "blob/v1.2.3/CHANGELOG.md")]
    [InlineData("docs/live-page.md", "#a-heading", "blob/v1.2.3/docs/live-page.md#a-heading")]
    public void A_link_leads_to_the_release(string file, string link, string expected) =>
        Assert.Equal($"https://github.com/owner/name/{expected}", Links.Resolve(RepositoryFiles.PathOf(file), link, isImage: false));

    [Fact]
    public void An_image_is_the_file_itself_and_not_the_page_about_it() => Assert.Equal(
        "https://raw.githubusercontent.com/owner/name/v1.2.3/docs/images/icon/icon.png",
        Links.Resolve(RepositoryFiles.PathOf("docs", "live-page.md"), "images/icon/icon.png", isImage: true));

    [Theory]
    [InlineData("docs/missing.md")]
    [InlineData("../outside.md")]
    [InlineData("..")]
    public void A_link_that_leads_out_of_the_repository_or_to_nothing_is_refused(string link)
    {
        var exception = Assert.Throws<PackagingException>(() => Links.Resolve(RepositoryFiles.PathOf("README.md"), link, isImage: false));
        Assert.Contains(link, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://a.example", true)]
    [InlineData("mailto:a@a.example", true)]
    [InlineData("docs/limits.md", false)]
    [InlineData("/docs/limits.md", false)]
    [InlineData("#heading", false)]
    [InlineData("file:///limits.md", false)]
    public void Only_addresses_of_the_web_lead_to_the_same_place_everywhere(string link, bool expected) =>
        Assert.Equal(expected, RepositoryLinks.IsAbsolute(link));
}
