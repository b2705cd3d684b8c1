namespace ClientSideLb.Simulator.Tool;

/// <summary>The words above a plot.</summary>
/// <param name="Title">What the plot shows.</param>
/// <param name="Subtitle">Where it comes from.</param>
internal sealed record PlotHead(string Title, string Subtitle);
