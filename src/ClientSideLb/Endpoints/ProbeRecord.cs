using System.Globalization;

namespace ClientSideLb.Endpoints;

/// <summary>Tracks whether an endpoint's probes pass or fail. This is a pure state machine with one writer, the cluster.</summary>
/// <param name="record">The record that it belongs to.</param>
internal sealed class ProbeRecord(EndpointRecord? record = null) : RecordPart(record)
{
    private int _passedInRow;
    private int _failedInRow;
    private string? _unhealthyReason;

    /// <summary>Gets a value indicating whether enough probes have failed in a row, and not enough have passed since.</summary>
    internal bool IsUnhealthy { get; private set; }

    /// <summary>Gets the reason why the endpoint is unhealthy, in words, or <see langword="null"/> if it is not.</summary>
    internal string? UnhealthyReason => IsUnhealthy ? _unhealthyReason : null;

    /// <summary>Gets a value indicating whether a probe has passed, which proves that probing works.</summary>
    internal bool HasPassed { get; private set; }

    /// <summary>Adds the result of a probe.</summary>
    /// <param name="failure">Why the probe failed, or <see langword="null"/> if it passed.</param>
    /// <param name="healthyThreshold">The number of probes that must pass in a row for an unhealthy endpoint to be healthy.</param>
    /// <param name="unhealthyThreshold">The number of probes that must fail in a row for an endpoint to be unhealthy.</param>
    internal void Add(string? failure, int healthyThreshold, int unhealthyThreshold)
    {
        var passed = failure is null;
        var (wasUnhealthy, hadPassed) = (IsUnhealthy, HasPassed);
        (_passedInRow, _failedInRow) = passed ? (_passedInRow + 1, 0) : (0, _failedInRow + 1);
        HasPassed |= passed;
        IsUnhealthy = IsUnhealthy ? _passedInRow < healthyThreshold : _failedInRow >= unhealthyThreshold;
        if (IsUnhealthy && !wasUnhealthy)
        {
            _unhealthyReason = string.Create(CultureInfo.InvariantCulture, $"{_failedInRow} {(_failedInRow == 1 ? "probe" : "probes in a row")} failed: {failure}");
        }

        if (IsUnhealthy != wasUnhealthy || HasPassed != hadPassed)
        {
            MarkChanged();
        }
    }

    /// <summary>Forgets that probes have passed. An endpoint that is unhealthy stays so.</summary>
    internal void ForgetPasses()
    {
        (_passedInRow, HasPassed) = (0, false);
        MarkChanged();
    }

    /// <summary>Resets the record. Called when probing is switched off.</summary>
    internal void Clear()
    {
        (_passedInRow, _failedInRow, IsUnhealthy, HasPassed) = (0, 0, false, false);
        MarkChanged();
    }
}
