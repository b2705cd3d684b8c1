using System.Reflection;

namespace ClientSideLb.Tests.Docs;

/// <summary>docs/strategies has a page for each strategy, and the options there have the defaults that docs/options.md says.</summary>
public sealed class StrategyPagesTests
{
    private static readonly string[][] Pages =
        [.. Directory.GetFiles(Repository.PathOf("docs", "strategies"), "*.md").Select(File.ReadAllLines)];

    [Fact]
    public void Each_strategy_has_a_page()
    {
        var names = typeof(LoadBalancingStrategies).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => $"# {field.GetValue(null)}");

        Assert.Equal(names.Order(), Pages.Select(static page => page[0]).Order());
    }

    [Fact]
    public void Each_option_has_the_default_of_the_page_of_all_options()
    {
        var all = ReadDefaults(File.ReadAllLines(Repository.PathOf("docs", "options.md"))).ToDictionary();
        var options = Pages.SelectMany(ReadDefaults).ToList();

        Assert.NotEmpty(options);
        Assert.All(options, option => Assert.Equal(all.GetValueOrDefault(option.Key, "no such option"), option.Value));
    }

    private static IEnumerable<KeyValuePair<string, string>> ReadDefaults(string[] lines) => lines
        .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
        .Select(static cells => KeyValuePair.Create(cells[1].Trim('`'), cells[2]));
}
