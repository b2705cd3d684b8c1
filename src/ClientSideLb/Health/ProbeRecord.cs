namespace ClientSideLb;

/// <summary>What an endpoint's probes say of it. A pure state machine with one writer: the cluster.</summary>
internal sealed class ProbeRecord
{
    private int _passedInRow;
    private int _failedInRow;

    /// <summary>Gets a value indicating whether enough probes have failed in a row, and not enough have passed since.</summary>
    internal bool IsUnhealthy { get; private set; }

    /// <summary>Gets a value indicating whether a probe has passed, so that probing is known to work.</summary>
    internal bool HasPassed { get; private set; }

    internal void Add(bool passed, int healthyThreshold, int unhealthyThreshold)
    {
        (_passedInRow, _failedInRow) = passed ? (_passedInRow + 1, 0) : (0, _failedInRow + 1);
        HasPassed |= passed;
        IsUnhealthy = IsUnhealthy ? _passedInRow < healthyThreshold : _failedInRow >= unhealthyThreshold;
    }

    /// <summary>Forgets everything, when probing is switched off.</summary>
    internal void Clear() => (_passedInRow, _failedInRow, IsUnhealthy, HasPassed) = (0, 0, false, false);
}
