using System.Text.Json;

namespace ClientSideLb.Dashboards.Tests.Dashboard;

/// <summary>A panel or a row of docs/grafana-dashboard.json.</summary>
/// <param name="Json">The panel as it stands there.</param>
public sealed record Panel(JsonElement Json)
{
    internal string Title => Json.GetProperty("title").GetString()!;

    internal bool IsRow => Type == "row";

    internal string Type => Json.GetProperty("type").GetString()!;

    internal int Id => Json.GetProperty("id").GetInt32();

    internal int X => Position("x");

    internal int Y => Position("y");

    internal int Width => Position("w");

    internal int Height => Position("h");

    internal JsonElement Defaults => Json.GetProperty("fieldConfig").GetProperty("defaults");

    internal IEnumerable<JsonElement> Targets => IsRow ? [] : Json.GetProperty("targets").EnumerateArray();

    internal IEnumerable<string> Queries => Targets.Select(static target => target.GetProperty("expr").GetString()!);

    public override string ToString() => Title;

    internal bool Overlaps(Panel other) =>
        X < other.X + other.Width && other.X < X + Width && Y < other.Y + other.Height && other.Y < Y + Height;

    private int Position(string name) => Json.GetProperty("gridPos").GetProperty(name).GetInt32();
}
