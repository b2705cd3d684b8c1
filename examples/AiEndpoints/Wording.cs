namespace AiEndpoints;

/// <summary>The texts that both reports show.</summary>
internal static class Wording
{
    internal static IReadOnlyList<string> Headers { get; } = ["deployment", "1st token", "answered", "tokens", "share", "rejected (429)"];

    internal static IReadOnlyList<string> Introduction { get; } =
    [
        $"{Service.Names.Count} deployments of one model, each with a quota of {Service.TokensPerMinute:N0} tokens a minute.",
        $"They are stand-ins in this process, and a minute lasts {Service.Minute.TotalSeconds} s here.",
    ];

    internal static string DescribeLoad(Part part) => $"a load of {part.Quotas} times one quota";

    /// <summary>Gets the cells of the table: a row for each deployment, and the totals.</summary>
    internal static IEnumerable<IReadOnlyList<string>> GetRows(PartResult result)
    {
        var (answered, tokens, rejected) = (
            result.Deployments.Sum(static one => one.Answered), result.Deployments.Sum(static one => one.Tokens), result.Deployments.Sum(static one => one.Rejected));
        foreach (var one in result.Deployments)
        {
            yield return
            [
                one.Name, $"{one.FirstToken.TotalMilliseconds} ms", $"{one.Answered:N0}", $"{one.Tokens:N0}", $"{100.0 * one.Tokens / Math.Max(1, tokens):0} %", $"{one.Rejected:N0}",
            ];
        }

        yield return ["all", "", $"{answered:N0}", $"{tokens:N0}", "100 %", $"{rejected:N0}"];
    }

    /// <summary>Describes what the callers saw.</summary>
    internal static IEnumerable<string> DescribeCallers(PartResult result)
    {
        yield return $"Callers: {result.Answers.Count:N0} requests, {result.Answered:N0} answered ({result.Streamed:N0} of them streamed), {result.Rejected:N0} saw a 429."
            + (result.Failed > 0 ? $" {result.Failed:N0} failed." : "");
        if (result.Unsent > 0)
        {
            yield return $"Of these, {result.Unsent:N0} were not sent: they got the 429 at once ({result.UnsentMedian.TotalMilliseconds:0.00} ms, median).";
            yield return $"Retry-After was {FormatRange(result.RetryAfter)}: when the first deployment has room again.";
        }
    }

    internal static string DescribeOutcome(Outcome outcome) =>
        outcome.IsGood ? "With MoveRejected no caller saw a 429, and each deployment was used." : $"Not as expected: {outcome.Fault}";

    private static string FormatRange((TimeSpan Shortest, TimeSpan Longest) range) => range.Shortest == range.Longest
        ? $"{range.Shortest.TotalSeconds} s"
        : $"{range.Shortest.TotalSeconds} to {range.Longest.TotalSeconds} s";
}
