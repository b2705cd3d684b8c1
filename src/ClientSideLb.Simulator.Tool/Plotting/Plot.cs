namespace ClientSideLb.Simulator.Tool;

/// <summary>A plot.</summary>
/// <param name="Name">The name of its file, without the extension.</param>
/// <param name="Svg">The drawing.</param>
internal sealed record Plot(string Name, string Svg);
