using System.Globalization;

namespace ClientSideLb.Endpoints;

/// <summary>The settings of outlier detection. Times are in units of <see cref="TimeProvider.GetTimestamp"/>.</summary>
internal sealed record OutlierSettings
{
    internal required bool Enabled { get; init; }

    internal required int ConsecutiveFailures { get; init; }

    internal required double FailureRate { get; init; }

    internal required int MinimumRequests { get; init; }

    internal required double MaxEjectionRatio { get; init; }

    internal required long Window { get; init; }

    internal required long BaseEjectionTime { get; init; }

    internal required long MaxEjectionTime { get; init; }

    internal required long UnansweredWait { get; init; }

    /// <summary>Describes why an endpoint is ejected, as the end of a sentence.</summary>
    internal string Describe(EjectionReason reason) => reason switch
    {
        EjectionReason.ConsecutiveFailures => string.Create(CultureInfo.InvariantCulture, $"{ConsecutiveFailures} requests in a row failed"),
        EjectionReason.BrokenBodies => string.Create(CultureInfo.InvariantCulture, $"{ConsecutiveFailures} response bodies in a row broke off"),
        EjectionReason.FailureRate => string.Create(CultureInfo.InvariantCulture, $"{FailureRate:P0} or more of its requests failed"),
        EjectionReason.ServerErrors => "it answers with server errors, and the others do not",
        EjectionReason.Unanswered => string.Create(CultureInfo.InvariantCulture, $"{ConsecutiveFailures} requests in a row got no answer"),
        EjectionReason.Hanging => "several requests wait for it without an answer",
        EjectionReason.TrialFailed => "its trial request failed",
        EjectionReason.RetryAfter => "it asked for a pause with Retry-After",
        EjectionReason.Rejected => "it rejected a request (429) until it has room again",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, message: null),
    };

    /// <summary>Gets how many of a cluster's endpoints may be out at once on suspicion: the ratio of them, rounded down, but at least one.</summary>
    internal int GetMaxOut(int endpoints)
    {
        // 0.29 × 100 is 28.999999999999996 in floating point, but 29 is meant.
        const double Rounding = 1e-9;

        return Math.Max(1, (int)((MaxEjectionRatio * endpoints) + Rounding));
    }
}
