namespace GatewayContrast;

/// <summary>A line of the table: one figure of both ways, and how much the hop changes it.</summary>
internal sealed record Line(string What, string Balanced, string ThroughGateway, string Hop)
{
    /// <summary>Creates the headers, in the order of the cells.</summary>
    internal static Line CreateHeaders(int concurrency) =>
        new(concurrency == 1 ? "One request at a time" : $"{concurrency} requests at once", "in the client", "through YARP", "the hop");

    internal static IEnumerable<Line> CreateAll(Contrast contrast)
    {
        var (balanced, gateway) = (contrast.Balanced, contrast.ThroughGateway);
        yield return new(
            "requests a second", $"{balanced.RequestsPerSecond:N0}", $"{gateway.RequestsPerSecond:N0}", $"x {gateway.RequestsPerSecond / balanced.RequestsPerSecond:0.00}");
        yield return CreateTime("half answered within", balanced.P50, gateway.P50);
        yield return CreateTime("99 of 100 within", balanced.P99, gateway.P99);
        yield return CreateTime("processor time a request", balanced.Processor, gateway.Processor);
        yield return CreateTime("  of the client", balanced.Client, gateway.Client);
        yield return CreateTime("  of the gateway", TimeSpan.Zero, gateway.Gateway) with { Balanced = "-" };
        yield return CreateTime("  of the backend", balanced.Backend, gateway.Backend);
    }

    private static Line CreateTime(string what, TimeSpan balanced, TimeSpan gateway) =>
        new(what, $"{balanced.TotalMilliseconds:0.000} ms", $"{gateway.TotalMilliseconds:0.000} ms", $"{(gateway - balanced).TotalMilliseconds:+0.000;-0.000} ms");
}
