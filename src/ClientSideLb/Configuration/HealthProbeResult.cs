using System.Globalization;
using System.Net;

namespace ClientSideLb;

/// <summary>The result of a health probe: the probe passed, or it failed for a reason.</summary>
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
    /// Gets the reason why the probe failed, or <see langword="null"/> if it passed. The reason is shown in logs, in
    /// <see cref="ClusterEndpoint.HealthReason"/> and on the live page.
    /// </summary>
    public string? Reason { get; }

    /// <summary>Gets the value of <c>error.type</c> in the metrics of probes.</summary>
    internal string? MetricError { get; }

    /// <summary>Creates the result of a probe that failed.</summary>
    /// <param name="reason">
    /// Why the probe failed, as the end of a sentence, such as "its disk is full". Do not put secrets in it. Control characters, line breaks and
    /// invisible formatting characters are replaced by spaces, so that text of a backend cannot forge lines of a log.
    /// </param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="reason"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is empty.</exception>
    public static HealthProbeResult Failed(string reason) => Failed(reason, "rejected");

    /// <summary>Creates the result of a probe that failed, with a value for <c>error.type</c> in metrics.</summary>
    internal static HealthProbeResult Failed(string reason, string metricError)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new HealthProbeResult(isPassed: false, WithoutControlCharacters(reason), metricError);
    }

    /// <summary>Creates the result of a probe whose answer had another status than expected.</summary>
    internal static HealthProbeResult FailedByStatus(HttpStatusCode status, string expected)
    {
        var code = ((int)status).ToString(CultureInfo.InvariantCulture);
        return Failed($"it answered {code}; expected {expected}", code);
    }

    private static string WithoutControlCharacters(string reason) =>
        reason.Any(IsControl) ? string.Concat(reason.Select(static character => IsControl(character) ? ' ' : character)) : reason;

    private static bool IsControl(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
