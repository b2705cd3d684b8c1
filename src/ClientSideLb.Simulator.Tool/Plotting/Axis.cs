namespace ClientSideLb.Simulator.Tool;

/// <summary>An axis of a plot.</summary>
/// <param name="Label">The quantity that the axis shows. The unit stands at the ticks.</param>
/// <param name="Scale">The scale.</param>
internal sealed record Axis(string Label, Scale Scale);
