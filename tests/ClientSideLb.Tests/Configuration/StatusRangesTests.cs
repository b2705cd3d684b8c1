namespace ClientSideLb.Tests;

public sealed class StatusRangesTests
{
    [Theory]
    [InlineData("200-299", new[] { 200, 204, 299 }, new[] { 199, 300 })]
    [InlineData("200", new[] { 200 }, new[] { 199, 201 })]
    [InlineData("200,204,300-399", new[] { 200, 204, 300, 399 }, new[] { 201, 203, 205, 299, 400 })]
    [InlineData(" 200 , 300 - 301 ", new[] { 200, 300, 301 }, new[] { 201, 302 })]
    [InlineData("100-599", new[] { 100, 599 }, new[] { 99, 600 })]
    [InlineData("404-404", new[] { 404 }, new[] { 403, 405 })]
    public void A_list_of_statuses_contains_its_numbers_and_ranges(string text, int[] inside, int[] outside)
    {
        Assert.True(StatusRanges.TryParse(text, out var ranges));

        Assert.All(inside, status => Assert.True(ranges.Contains(status)));
        Assert.All(outside, status => Assert.False(ranges.Contains(status)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("OK")]
    [InlineData("99")]
    [InlineData("600")]
    [InlineData("2xx")]
    [InlineData("299-200")]
    [InlineData("200-")]
    [InlineData("-200")]
    [InlineData("200,")]
    [InlineData(",200")]
    [InlineData("200;204")]
    [InlineData("200-250-299")]
    [InlineData("+200")]
    [InlineData("200.0")]
    [InlineData("99999999999999")]
    public void A_text_that_is_no_list_of_statuses_is_refused(string? text)
    {
        Assert.False(StatusRanges.TryParse(text, out var ranges));
        Assert.Null(ranges);
    }
}
