namespace ClientSideLb.Packaging.Tests;

public sealed class MarkdownLinksTests
{
    [Theory]
    [InlineData("see [limits](limits.md).", "see [limits](<limits.md>).")]
    [InlineData("[a](a.md) and [b](b.md#c)", "[a](<a.md>) and [b](<b.md#c>)")]
    [InlineData("([line 42](log.md#log))", "([line 42](<log.md#log>))")]
    [InlineData("[`Peak [Ewma]`](peak.md)", "[`Peak [Ewma]`](<peak.md>)")]
    [InlineData("[a title](a.md \"A title\")", "[a title](<a.md> \"A title\")")]
    [InlineData("[name]: a.md", "[name]: <a.md>")]
    [InlineData("<a href=\"a.md\">a</a>", "<a href=\"<a.md>\">a</a>")]
    [InlineData("![A picture](a.png)", "![A picture](image:a.png)")]
    [InlineData("![A [small] picture](a.png) of [a](a.md)", "![A [small] picture](image:a.png) of [a](<a.md>)")]
    [InlineData("[![A badge](a.png)](a.md)", "[![A badge](image:a.png)](<a.md>)")]
    [InlineData("<img width=\"10\" src=\"a.png\">", "<img width=\"10\" src=\"image:a.png\">")]
    public void Every_kind_of_link_is_replaced(string text, string expected) =>
        Assert.Equal(expected, Mark(text));

    [Theory]
    [InlineData("`[a](a.md)`")]
    [InlineData("``a ` [a](a.md)``")]
    [InlineData("```csharp\nvar a = b[c](d.md);\n```")]
    [InlineData("  ~~~\n  [a](a.md)\n  ~~~")]
    [InlineData("````\n```\n[a](a.md)\n```\n````")]
    public void Code_stays_as_it_is(string text) => Assert.Equal(text, Mark(text));

    [Fact]
    public void What_follows_code_is_replaced() =>
        Assert.Equal("```\n[a](a.md)\n```\n`b` [c](<c.md>)", Mark("```\n[a](a.md)\n```\n`b` [c](c.md)"));

    [Fact]
    public void Links_are_found_in_their_order() =>
        Assert.Equal(["b.md", "a.png", "https://a.example"], MarkdownLinks.Find("[b](b.md) ![a](a.png)\n[c](https://a.example) `[d](d.md)`"));

    private static string Mark(string text) => MarkdownLinks.Replace(text, static (link, isImage) => isImage ? $"image:{link}" : $"<{link}>");
}
