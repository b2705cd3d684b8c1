namespace GatewayContrast;

/// <summary>Writes lines that read well in a log.</summary>
internal sealed class PlainReport(TextWriter output) : IReport
{
    public Task<IReadOnlyList<Contrast>> ShowAsync(Func<Task<IReadOnlyList<Contrast>>> measureAsync, ContrastOptions options)
    {
        output.WriteLine($"ClientSideLb gateway contrast: {Guide.Begin(options.Duration)}");
        return measureAsync();
    }

    public void End(IReadOnlyList<Contrast> contrasts)
    {
        foreach (var contrast in contrasts)
        {
            output.WriteLine();
            foreach (var line in Line.Of(contrast).Prepend(Line.Headers(contrast.Concurrency)))
            {
                output.WriteLine($"  {line.What,-24}  {line.Balanced,14}  {line.ThroughGateway,14}  {line.Hop,12}");
            }
        }

        output.WriteLine();
        foreach (var line in Guide.Legend)
        {
            output.WriteLine(line);
        }

        if (contrasts.Sum(static contrast => contrast.Failures) is > 0 and var failures)
        {
            output.WriteLine(Guide.Failed(failures));
        }
    }
}
