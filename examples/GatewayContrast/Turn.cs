namespace GatewayContrast;

/// <summary>The measurements of one turn, in which requests went one way.</summary>
/// <param name="Latencies">The time of each request, the shortest first.</param>
/// <param name="Failures">The number of requests that failed.</param>
/// <param name="Elapsed">The length of the turn.</param>
/// <param name="Client">The processor time of the client.</param>
/// <param name="Gateway">The processor time of the gateway.</param>
/// <param name="Backends">The processor time of all backends.</param>
internal sealed record Turn(TimeSpan[] Latencies, int Failures, TimeSpan Elapsed, TimeSpan Client, TimeSpan Gateway, TimeSpan Backends)
{
    internal double RequestsPerSecond => Latencies.Length / Elapsed.TotalSeconds;
}
