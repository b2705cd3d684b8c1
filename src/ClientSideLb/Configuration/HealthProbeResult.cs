using System.Globalization;
using System.Net;

namespace ClientSideLb;

/// <summary>The result of a health probe: passed, or failed for a reason.</summary>
public readonly struct HealthProbeResult
{
    private HealthProbeResult(bool isPassed, string? reason, string? metricError)
    {
        IsPassed = isPassed;
        Reason = reason;
        MetricError = metricError;
    }

    /// <summary>Gets the result of a probe that found the endpoint working.</summary>
    public static HealthProbeResult Passed { get; } = new(isPassed: true, reason: null, metricError: null);

    /// <summary>Gets a value indicating whether the endpoint works.</summary>
    public bool IsPassed { get; }

    /// <summary>
    /// Gets why the probe failed, or <see langword="null"/> if it passed. It is shown in logs, in <see cref="ClusterEndpoint.HealthReason"/>
    /// and on the live page.
    /// </summary>
    public string? Reason { get; }

    /// <summary>Gets the value of <c>error.type</c> in the metrics of probes.</summary>
    internal string? MetricError { get; }

    /// <summary>Makes the result of a probe that failed.</summary>
    /// <param name="reason">Why, as the end of a sentence, such as "its disk is full". It should hold nothing secret.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is <see langword="null"/> or empty.</exception>
    public static HealthProbeResult Failed(string reason) => Failed(reason, "rejected");

    /// <summary>Makes the result of a probe that failed, with the value of <c>error.type</c>.</summary>
    internal static HealthProbeResult Failed(string reason, string metricError)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new HealthProbeResult(isPassed: false, reason, metricError);
    }

    /// <summary>Makes the result of a probe that was answered with another status than expected.</summary>
    internal static HealthProbeResult FailedByStatus(HttpStatusCode status, string expected)
    {
        var code = ((int)status).ToString(CultureInfo.InvariantCulture);
        return Failed($"it answered {code}, expected is {expected}", code);
    }
}
