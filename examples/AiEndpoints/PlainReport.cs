namespace AiEndpoints;

/// <summary>Writes plain lines, which a log can hold.</summary>
internal sealed class PlainReport(TextWriter output) : IReport
{
    public void ShowIntroduction()
    {
        output.WriteLine("ClientSideLb AI endpoints");
        foreach (var line in Wording.Introduction)
        {
            output.WriteLine(line);
        }
    }

    public async Task<PartResult> RunAsync(Part part, Func<Task<PartResult>> runAsync)
    {
        output.WriteLine();
        output.WriteLine($"{part.Title}: {Wording.DescribeLoad(part)}");
        var result = await runAsync();
        foreach (var row in Wording.GetRows(result).Prepend(Wording.Headers))
        {
            output.WriteLine($"  {row[0],-10}  {row[1],9}  {row[2],8}  {row[3],8}  {row[4],6}  {row[5],14}");
        }

        foreach (var line in Wording.DescribeCallers(result))
        {
            output.WriteLine($"  {line}");
        }

        return result;
    }

    public void ShowOutcome(Outcome outcome)
    {
        output.WriteLine();
        output.WriteLine(Wording.DescribeOutcome(outcome));
    }
}
