namespace ClientSideLb.Simulator.Tool;

/// <summary>A line of text in a legend.</summary>
/// <param name="Text">The text.</param>
/// <param name="Style">The look of the line that it names, or <see langword="null"/> if that is not drawn.</param>
/// <param name="IsHeading">Whether it is a heading, for names of lines that are not drawn.</param>
internal sealed record LegendEntry(string Text, LineStyle? Style, bool IsHeading = false);
