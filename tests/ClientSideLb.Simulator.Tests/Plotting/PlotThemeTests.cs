using System.Text.RegularExpressions;
using ClientSideLb.Simulator.Tests.Support;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Plotting;

public sealed partial class PlotThemeTests
{
    private static readonly string Page = File.ReadAllText(
        Directory.GetFiles(Repository.PathOf("src", "ClientSideLb.AspNetCore"), "*.css", SearchOption.AllDirectories)
            .Single(static path => !path.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj")));

    [Theory]
    [InlineData("surface", ".surface,.h0{fill:")]
    [InlineData("text", "text{fill:")]
    [InlineData("muted", ".muted{fill:")]
    [InlineData("accent", ".c0{stroke:")]
    [InlineData("bad", ".c2{stroke:")]
    [InlineData("good", ".c3{stroke:")]
    public void The_colours_are_those_of_the_live_page_on_light_and_on_dark_screens(string name, string rule)
    {
        var ofPage = Colour($"--{name}: ").Matches(Page).Select(static match => match.Groups[1].Value).ToArray();
        var ofPlot = Colour(Regex.Escape(rule)).Matches(PlotTheme.StyleSheet).Select(static match => match.Groups[1].Value).ToArray();

        Assert.Equal(2, ofPage.Length);
        Assert.Equal(ofPage, ofPlot);
    }

    [Fact]
    public void Every_colour_has_another_one_for_dark_screens()
    {
        var parts = PlotTheme.StyleSheet.Split("@media (prefers-color-scheme: dark){");

        Assert.Equal(2, parts.Length);
        var (light, dark) = (GetColours(parts[0]), GetColours(parts[1]));
        Assert.Equal(light.Keys, dark.Keys);
        Assert.All(light, rule => Assert.NotEqual(rule.Value, dark[rule.Key]));
    }

    [Fact]
    public void The_colours_of_a_heat_map_get_steadily_darker_on_light_screens_and_lighter_on_dark_ones()
    {
        var parts = PlotTheme.StyleSheet.Split("@media");
        var light = GetHeat(parts[0]);
        var dark = GetHeat(parts[1]);

        Assert.Equal(PlotTheme.HeatLevels - 1, light.Length);
        Assert.Equal(light.OrderDescending(), light);
        Assert.Equal(dark.Order(), dark);
    }

    private static Dictionary<string, string> GetColours(string css) =>
        Rule().Matches(css).ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value);

    // The brightness by the formula of ITU-R BT.709.
    private static double[] GetHeat(string css) =>
        [.. GetColours(css).Where(static rule => rule.Key.StartsWith(".h", StringComparison.Ordinal)).Select(static rule => Convert.ToInt32(rule.Value[1..], 16))
            .Select(static colour => (0.2126 * (colour >> 16)) + (0.7152 * ((colour >> 8) & 0xff)) + (0.0722 * (colour & 0xff)))];

    private static Regex Colour(string before) => new($"{before}(#[0-9a-f]{{6}})", RegexOptions.None, TimeSpan.FromSeconds(10));

    [GeneratedRegex(@"^(\S+)\{(?:fill|stroke):(#[0-9a-f]{6})\}$", RegexOptions.Multiline)]
    private static partial Regex Rule();
}
