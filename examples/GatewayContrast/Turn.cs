namespace GatewayContrast;

/// <summary>What came of sending one way for a while.</summary>
/// <param name="Latencies">How long each request took, shortest first.</param>
/// <param name="Failures">How many requests failed.</param>
/// <param name="Elapsed">How long it went on.</param>
/// <param name="Client">The processor time of the client.</param>
/// <param name="Gateway">The processor time of the gateway.</param>
/// <param name="Backends">The processor time of all backends.</param>
internal sealed record Turn(TimeSpan[] Latencies, int Failures, TimeSpan Elapsed, TimeSpan Client, TimeSpan Gateway, TimeSpan Backends);
