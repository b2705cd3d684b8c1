namespace ClientSideLb.Simulator;

/// <summary>Something that happens to backends.</summary>
public sealed record BackendChange
{
    /// <summary>Gets when, from the beginning on.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Gets to which backends, by number from 0 on: <c>"3"</c>, <c>"0-4"</c>, <c>"1,5-7"</c> or <c>"all"</c>.</summary>
    public required string Backends { get; init; }

    /// <summary>Gets what.</summary>
    public required ChangeKind Change { get; init; }

    /// <summary>Gets the new speed, for <see cref="ChangeKind.Slow"/>.</summary>
    /// <value>Above 0; the default value is 0.1: ten times slower.</value>
    public double Speed { get; init; } = 0.1;
}
