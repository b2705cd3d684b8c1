namespace ClientSideLb.Simulator.Tool;

/// <summary>A column of a table.</summary>
/// <param name="Title">The title.</param>
/// <param name="Value">Writes the value of a row.</param>
/// <param name="Trivial">A text that says nothing if every row has it, besides zeros and dashes.</param>
internal sealed record Column<T>(string Title, Func<T, string> Value, string? Trivial = null);
