using System.Globalization;

namespace ClientSideLb.Endpoints;

/// <summary>What an endpoint's probes say of it. A pure state machine with one writer: the cluster.</summary>
internal sealed class ProbeRecord
{
    private int _passedInRow;
    private int _failedInRow;
    private string? _unhealthyReason;

    /// <summary>Gets a value indicating whether enough probes have failed in a row, and not enough have passed since.</summary>
    internal bool IsUnhealthy { get; private set; }

    /// <summary>Gets why the endpoint is unhealthy, in words; <see langword="null"/> where it is not.</summary>
    internal string? UnhealthyReason => IsUnhealthy ? _unhealthyReason : null;

    /// <summary>Gets a value indicating whether a probe has passed, so that probing is known to work.</summary>
    internal bool HasPassed { get; private set; }

    /// <summary>Learns from a probe.</summary>
    /// <param name="failure">Why it failed, or <see langword="null"/> where it passed.</param>
    /// <param name="healthyThreshold">How many must pass in a row.</param>
    /// <param name="unhealthyThreshold">How many must fail in a row.</param>
    internal void Add(string? failure, int healthyThreshold, int unhealthyThreshold)
    {
        var passed = failure is null;
        var wasUnhealthy = IsUnhealthy;
        (_passedInRow, _failedInRow) = passed ? (_passedInRow + 1, 0) : (0, _failedInRow + 1);
        HasPassed |= passed;
        IsUnhealthy = IsUnhealthy ? _passedInRow < healthyThreshold : _failedInRow >= unhealthyThreshold;
        if (IsUnhealthy && !wasUnhealthy)
        {
            _unhealthyReason = string.Create(CultureInfo.InvariantCulture, $"{_failedInRow} {(_failedInRow == 1 ? "probe" : "probes in a row")} failed: {failure}");
        }
    }

    /// <summary>Forgets everything, when probing is switched off.</summary>
    internal void Clear() => (_passedInRow, _failedInRow, IsUnhealthy, HasPassed) = (0, 0, false, false);
}
