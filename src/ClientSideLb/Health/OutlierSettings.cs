using System.Globalization;

namespace ClientSideLb;

/// <summary>The options of outlier detection in timestamp units, as they were when the options were read.</summary>
internal sealed record OutlierSettings
{
    internal OutlierSettings(OutlierDetectionOptions options, TimeProvider time)
    {
        Enabled = options.Enabled;
        ConsecutiveFailures = options.ConsecutiveFailures;
        FailureRate = options.FailureRate;
        MinimumRequests = options.MinimumRequests;
        MaxEjectionRatio = options.MaxEjectionRatio;
        Window = Timestamps.Of(options.Window, time);
        BaseEjectionTime = Timestamps.Of(options.BaseEjectionTime, time);
        MaxEjectionTime = Timestamps.Of(options.MaxEjectionTime, time);
        UnansweredWait = Timestamps.Of(options.UnansweredWait, time);
    }

    internal bool Enabled { get; }

    internal int ConsecutiveFailures { get; }

    internal double FailureRate { get; }

    internal int MinimumRequests { get; }

    internal double MaxEjectionRatio { get; }

    internal long Window { get; }

    internal long BaseEjectionTime { get; }

    internal long MaxEjectionTime { get; }

    internal long UnansweredWait { get; }

    /// <summary>Says why an endpoint is ejected, as the end of a sentence.</summary>
    internal string Describe(EjectionReason reason) => reason switch
    {
        EjectionReason.ConsecutiveFailures => string.Create(CultureInfo.InvariantCulture, $"{ConsecutiveFailures} requests in a row failed"),
        EjectionReason.BrokenBodies => string.Create(CultureInfo.InvariantCulture, $"{ConsecutiveFailures} response bodies in a row broke off"),
        EjectionReason.FailureRate => string.Create(CultureInfo.InvariantCulture, $"{FailureRate:P0} or more of its requests failed"),
        EjectionReason.Unanswered => string.Create(CultureInfo.InvariantCulture, $"{ConsecutiveFailures} requests in a row got no answer"),
        EjectionReason.TrialFailed => "its trial request failed",
        EjectionReason.RetryAfter => "it asked for it by Retry-After",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, message: null),
    };

    /// <summary>Gets how many of a cluster's endpoints may be out at once on suspicion: the ratio rounded down, but at least one.</summary>
    internal int MaxOut(int endpoints)
    {
        // 0.29 of 100 is 28.999999999999996 in binary, and means 29.
        const double Rounding = 1e-9;

        return Math.Max(1, (int)((MaxEjectionRatio * endpoints) + Rounding));
    }
}
