namespace ClientSideLb.Strategies;

/// <summary>The settings of Peak EWMA.</summary>
/// <param name="DecayTime">The time in which an estimate falls to 1/e of its value.</param>
/// <param name="DefaultLatency">The estimate of an endpoint that has not answered yet.</param>
/// <param name="FailurePenalty">The latency that a failed attempt counts as, at least.</param>
internal sealed record PeakEwmaSettings(TimeSpan DecayTime, TimeSpan DefaultLatency, TimeSpan FailurePenalty)
{
    internal static readonly PeakEwmaSettings Default = new(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(30), TimeSpan.FromSeconds(5));
}
