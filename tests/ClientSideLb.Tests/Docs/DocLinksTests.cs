namespace ClientSideLb.Tests.Docs;

/// <summary>Links in all Markdown files lead to files and headings that exist, and the index lists every page of docs.</summary>
public sealed class DocLinksTests
{
    [Fact]
    public void Every_link_of_every_document_leads_somewhere()
    {
        var pages = MarkdownPage.ReadAll();

        var faults = DocLinks.FindFaults(pages, static path => Path.Exists(Repository.PathOf(path)));

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.True(pages.Sum(static page => page.GetLinks().Count()) > 100);
    }

    [Fact]
    public void The_index_lists_every_page()
    {
        var faults = DocLinks.FindUnlisted(MarkdownPage.ReadAll());

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Theory]
    [InlineData("[text](other.md)")]
    [InlineData("[text](./other.md#a-b)")]
    [InlineData("[text](#own-title)")]
    [InlineData("[text](../README.md)")]
    [InlineData("[text](images)")]
    [InlineData("[text](https://example.com/nothing)")]
    [InlineData("![picture](images/one.png \"title\")")]
    [InlineData("[![picture](images/one.png)](other.md)")]
    [InlineData("[text](https://github.com/clientsidelb/clientsidelb/blob/main/docs/other.md#a-b)")]
    [InlineData("`[text](nowhere.md)` is code")]
    [InlineData("<img src=\"images/one.png\">")]
    public void A_link_to_what_exists_is_good(string line) => Assert.Empty(Check(line));

    [Theory]
    [InlineData("[text](nowhere.md)")]
    [InlineData("[text](other.md#b-a)")]
    [InlineData("[text](#nowhere)")]
    [InlineData("![picture](images/two.png)")]
    [InlineData("[![picture](images/two.png)](other.md)")]
    [InlineData("[text](other.md) and [text](nowhere.md)")]
    [InlineData("[text](../../outside.md)")]
    [InlineData("[text](https://github.com/clientsidelb/clientsidelb/blob/main/docs/nowhere.md)")]
    [InlineData("[name]: nowhere.md")]
    [InlineData("<a href=\"nowhere.md\">text</a>")]
    public void A_link_to_nothing_is_named_by_document_and_line(string line) =>
        Assert.StartsWith("docs/page.md:3: ", Assert.Single(Check(line)), StringComparison.Ordinal);

    [Theory]
    [InlineData("## Which requests move", "which-requests-move")]
    [InlineData("### `OutlierDetection`, and why", "outlierdetection-and-why")]
    [InlineData("## [A link](x.md) & *more*: 1.5 %", "a-link--more-15-")]
    [InlineData("# snake_case and a-dash", "snake_case-and-a-dash")]
    public void Anchors_are_those_of_GitHub(string heading, string anchor) =>
        Assert.Equal([anchor], new MarkdownPage("x.md", [heading, "```sh", "# a comment", "```"]).GetAnchors());

    [Fact]
    public void A_heading_that_is_repeated_gets_a_number() =>
        Assert.Equal(["notes", "notes-1", "notes-2"], new MarkdownPage("x.md", ["# Notes", "## Notes", "## Notes"]).GetAnchors());

    [Fact]
    public void A_page_that_the_index_does_not_list_is_named()
    {
        MarkdownPage[] pages =
        [
            new("docs/README.md", ["[listed](listed.md)"]),
            new("docs/listed.md", ["[from a page that is listed](hidden.md)"]),
            new("docs/hidden.md", []),
            new("README.md", []),
        ];

        Assert.StartsWith("docs/hidden.md: ", Assert.Single(DocLinks.FindUnlisted(pages)), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Check(string line)
    {
        string[] files = ["docs/page.md", "docs/other.md", "README.md", "docs/images", "docs/images/one.png"];
        return DocLinks.FindFaults([new("docs/page.md", ["# Own title", "", line]), new("docs/other.md", ["# A: b"])], files.Contains);
    }
}
