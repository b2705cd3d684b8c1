namespace ClientSideLb.Simulator.Tool;

/// <summary>The words above a plot.</summary>
/// <param name="Title">The title of the plot.</param>
/// <param name="Subtitle">The origin of the data.</param>
internal sealed record PlotHead(string Title, string Subtitle);
