namespace ClientSideLb.Simulator;

/// <summary>A change of some backends at a given time.</summary>
public sealed record BackendChange
{
    /// <summary>Gets the time of the change, counted from the start of the simulation.</summary>
    /// <value>From 0 to the duration of the scenario; the default value is 0.</value>
    public TimeSpan At { get; init; }

    /// <summary>Gets the backends that change, by their numbers from 0: <c>"3"</c>, <c>"0-4"</c>, <c>"1,5-7"</c> or <c>"all"</c>.</summary>
    public required string Backends { get; init; }

    /// <summary>Gets the kind of change.</summary>
    public required ChangeKind Change { get; init; }

    /// <summary>Gets the factor by which <see cref="ChangeKind.Slow"/> multiplies the speed. Other changes ignore it.</summary>
    /// <value>Above 0; the default value is 0.1, which is ten times slower.</value>
    public double Speed { get; init; } = 0.1;

    /// <summary>Gets the status with which <see cref="ChangeKind.Error"/> answers. Other changes ignore it.</summary>
    /// <value>429, or from 500 to 599; the default value is 503.</value>
    public int Status { get; init; } = 503;

    /// <summary>Gets the probability with which <see cref="ChangeKind.Error"/> fails each request. Other changes ignore it.</summary>
    /// <value>Above 0, up to 1; the default value is 1, which fails every request.</value>
    public double Probability { get; init; } = 1;
}
