namespace GatewayContrast;

/// <summary>Writes plain lines, which a log can hold.</summary>
internal sealed class PlainReport(TextWriter output) : IReport
{
    public Task<IReadOnlyList<Contrast>> RunAsync(Func<Task<IReadOnlyList<Contrast>>> measureAsync, ContrastOptions options)
    {
        output.WriteLine($"ClientSideLb gateway contrast: {Guide.DescribeLoad(options.Duration)}");
        return measureAsync();
    }

    public void ShowResults(IReadOnlyList<Contrast> contrasts)
    {
        foreach (var contrast in contrasts)
        {
            output.WriteLine();
            foreach (var line in Line.CreateAll(contrast).Prepend(Line.CreateHeaders(contrast.Concurrency)))
            {
                output.WriteLine($"  {line.What,-24}  {line.Balanced,14}  {line.ThroughGateway,14}  {line.Hop,12}");
            }
        }

        output.WriteLine();
        foreach (var line in Guide.Legend.Concat(contrasts.SelectMany(Guide.DescribeNoise)))
        {
            output.WriteLine(line);
        }

        if (contrasts.Sum(static contrast => contrast.Failures) is > 0 and var failures)
        {
            output.WriteLine(Guide.DescribeFailures(failures));
        }
    }
}
