namespace ClientSideLb.Simulator.Tool;

/// <summary>The look of a line.</summary>
/// <param name="Colour">The number of its colour.</param>
/// <param name="Dash">The number of its pattern of dashes; 0 is a line without gaps.</param>
internal readonly record struct LineStyle(int Colour, int Dash);
