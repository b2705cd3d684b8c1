using AiEndpoints;

namespace ClientSideLb.Tests.Examples;

public sealed class AiEndpointsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task With_MoveRejected_no_caller_sees_a_429_below_the_sum_of_the_quotas_and_each_deployment_is_used()
    {
        var (exitCode, text, error) = await ExampleProcess.RunAsync("AiEndpoints", output, "--minutes", "1");

        Assert.Equal("", error);
        var parts = text.Split("times one quota");
        Assert.Equal(4, parts.Length);
        var with = parts[2];
        Assert.Matches(@"Callers: ([1-9][0-9,]*) requests, \1 answered \([1-9][0-9,]* of them streamed\), 0 saw a 429\.", with);
        Assert.All(Service.Names, name => Assert.Matches($@"\n  {name} +[0-9]+ ms +[1-9][0-9,]* ", with));
        Assert.Contains("With MoveRejected no caller saw a 429, and each deployment was used.", text, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);

        // A log can show neither colours nor box drawing.
        Assert.All(text.Split('\n'), static line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        Assert.DoesNotContain(text, static c => !char.IsAscii(c) || (char.IsControl(c) && c is not ('\r' or '\n')));
    }

    [Fact]
    public async Task A_bad_argument_gives_one_line_on_standard_error_and_exit_code_2()
    {
        var (exitCode, text, error) = await ExampleProcess.RunAsync("AiEndpoints", output, "--minutes", "many");

        Assert.Equal(2, exitCode);
        Assert.Equal("", text);
        Assert.Equal("--minutes is 'many'; expected a whole number from 1 to 100.", error.TrimEnd());
    }

    [Fact]
    public void A_429_that_a_caller_sees_makes_the_outcome_bad() =>
        Assert.Equal(
            "1 callers saw a 429, although a deployment had room.",
            Outcome.Of([CreateResult([new Answer(AnswerKind.Whole), new Answer(AnswerKind.RejectedUnsent) { RetryAfter = TimeSpan.FromSeconds(1) }])]).Fault);

    [Fact]
    public void A_deployment_that_answers_nothing_makes_the_outcome_bad() =>
        Assert.Equal("a deployment answered nothing.", Outcome.Of([CreateResult([new Answer(AnswerKind.Whole)], answered: 0)]).Fault);

    [Fact]
    public void A_request_that_fails_otherwise_makes_the_outcome_bad() =>
        Assert.Equal("1 requests failed.", Outcome.Of([CreateResult([new Answer(AnswerKind.Whole), new Answer(AnswerKind.Failed)])]).Fault);

    [Fact]
    public void The_help_names_every_option_and_fits_into_80_columns()
    {
        Assert.All(["--minutes", "--help"], static word => Assert.Contains(word, AiOptions.Help, StringComparison.Ordinal));
        Assert.All(AiOptions.Help.Split('\n'), static line => Assert.InRange(line.Length, 0, 80));
    }

    private static PartResult CreateResult(IReadOnlyList<Answer> answers, int answered = 1) =>
        new(Part.With, answers, [new DeploymentTally("near", TimeSpan.FromMilliseconds(20), answered, Tokens: 100, Rejected: 0)]);
}
