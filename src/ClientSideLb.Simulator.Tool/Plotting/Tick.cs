namespace ClientSideLb.Simulator.Tool;

/// <summary>A mark on an axis.</summary>
/// <param name="Value">The value that it marks.</param>
/// <param name="Label">The text beside it, or <see langword="null"/> for a small mark without text.</param>
internal readonly record struct Tick(double Value, string? Label);
