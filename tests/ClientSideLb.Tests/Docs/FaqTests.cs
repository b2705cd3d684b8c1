using System.Text.RegularExpressions;

namespace ClientSideLb.Tests.Docs;

/// <summary>docs/faq.md quotes the reasons of ejections as the log words them.</summary>
public sealed partial class FaqTests
{
    [Fact]
    public void The_page_explains_every_reason_of_an_ejection()
    {
        var settings = new OutlierDetectionOptions().ToSettings(TimeProvider.System);
        var quoted = File.ReadAllLines(Repository.PathOf("docs", "faq.md"))
            .SkipWhile(static line => !line.StartsWith("| line 10 says |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(static line => line.StartsWith('|'))
            .SelectMany(static line => Quotation().Matches(line.Split('|')[1]))
            .Select(static match => match.Groups["text"].Value);

        // An endpoint that rejects requests is set aside, and not ejected.
        var reasons = Enum.GetValues<EjectionReason>().Where(static reason => reason != EjectionReason.Rejected).Select(settings.Describe);

        Assert.Equal(reasons.Order(), quoted.Order());
    }

    [GeneratedRegex(@"\*(?<text>[^*]+)\*")]
    private static partial Regex Quotation();
}
