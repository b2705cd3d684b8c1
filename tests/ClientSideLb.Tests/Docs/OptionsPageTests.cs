using System.Collections;
using System.Globalization;
using System.Reflection;

namespace ClientSideLb.Tests.Docs;

/// <summary>docs/options.md lists every option with its default, and nothing else.</summary>
public sealed class OptionsPageTests
{
    private static readonly Dictionary<string, string> Listed = File.ReadAllLines(Repository.PathOf("docs", "options.md"))
        .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(static cells => cells[1].Trim('`'), static cells => cells[2]);

    [Fact]
    public void The_page_lists_every_option_with_its_default_and_no_other()
    {
        var options = new Dictionary<string, string>();
        Collect(options, prefix: "", new LoadBalancingOptions());
        Collect(options, "Endpoints:", new EndpointOptions());

        Assert.Equal(options.OrderBy(static option => option.Key), Listed.OrderBy(static option => option.Key));
    }

    private static void Collect(Dictionary<string, string> options, string prefix, object from)
    {
        foreach (var property in from.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = property.GetValue(from);
            if (property.CanWrite)
            {
                options.Add(prefix + property.Name, Describe(property, value));
            }
            else if (value is not IEnumerable)
            {
                Collect(options, $"{property.Name}:", value!);
            }
        }
    }

    private static string Describe(PropertyInfo property, object? value) => value switch
    {
        null => property.Name == nameof(EndpointOptions.Address) ? "required" : "none",
        "" => "empty",
        string text => $"`{text}`",
        bool flag => flag ? "`true`" : "`false`",
        Enum => $"`{value}`",
        TimeSpan { Ticks: 0 } => "0",
        TimeSpan { TotalMinutes: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes} min"),
        TimeSpan { TotalSeconds: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s"),
        TimeSpan time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds} ms"),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException(property.Name),
    };
}
