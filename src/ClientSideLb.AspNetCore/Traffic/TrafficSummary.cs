namespace ClientSideLb.AspNetCore.Traffic;

/// <summary>The recent traffic of one endpoint.</summary>
/// <param name="Attempts">The attempts of the last <see cref="EndpointTraffic.Window"/> seconds, the running one included.</param>
/// <param name="Failures">The number of those attempts that failed.</param>
/// <param name="Median">The median time to the headers of those that succeeded.</param>
/// <param name="Percentile99">The 99th percentile of that time.</param>
/// <param name="History">Attempts in each of the last <see cref="EndpointTraffic.History"/> whole seconds, the oldest first.</param>
internal sealed record TrafficSummary(int Attempts, int Failures, TimeSpan? Median, TimeSpan? Percentile99, int[] History)
{
    /// <summary>The summary of an endpoint without traffic.</summary>
    internal static readonly TrafficSummary None = new(0, 0, null, null, new int[EndpointTraffic.History]);
}
