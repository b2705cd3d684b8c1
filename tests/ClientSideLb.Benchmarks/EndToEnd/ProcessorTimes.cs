namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>The processor time of those that a request passes through.</summary>
/// <param name="Client">The process that sends.</param>
/// <param name="Gateway">What stands between.</param>
/// <param name="Backend">All backends together.</param>
internal readonly record struct ProcessorTimes(TimeSpan Client, TimeSpan Gateway, TimeSpan Backend)
{
    internal TimeSpan Sum => Client + Gateway + Backend;

    public static ProcessorTimes operator +(ProcessorTimes left, ProcessorTimes right) =>
        new(left.Client + right.Client, left.Gateway + right.Gateway, left.Backend + right.Backend);

    public static ProcessorTimes operator -(ProcessorTimes left, ProcessorTimes right) =>
        new(left.Client - right.Client, left.Gateway - right.Gateway, left.Backend - right.Backend);

    public static ProcessorTimes operator /(ProcessorTimes times, double divisor) =>
        new(times.Client / divisor, times.Gateway / divisor, times.Backend / divisor);
}
