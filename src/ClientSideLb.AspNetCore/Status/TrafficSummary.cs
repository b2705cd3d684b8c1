namespace ClientSideLb;

/// <summary>What went to one endpoint lately.</summary>
/// <param name="Attempts">Attempts of the last <see cref="EndpointTraffic.Window"/> seconds.</param>
/// <param name="Failures">Those of them that failed.</param>
/// <param name="Median">The median time to the headers of those that did not.</param>
/// <param name="Percentile99">Their 99th percentile.</param>
/// <param name="History">Attempts in each of the last <see cref="EndpointTraffic.History"/> seconds, the oldest first.</param>
internal sealed record TrafficSummary(int Attempts, int Failures, TimeSpan? Median, TimeSpan? Percentile99, int[] History)
{
    /// <summary>What is told of an endpoint that nothing went to.</summary>
    internal static readonly TrafficSummary None = new(0, 0, null, null, new int[EndpointTraffic.History]);
}
