using System.Text.Json;

namespace ClientSideLb.Kubernetes.Api;

/// <summary>A line of a watch.</summary>
/// <param name="Kind">The kind of the line.</param>
/// <param name="Item">The slice, not read yet.</param>
/// <param name="Version">The version from which a later watch goes on, or <see langword="null"/> if the object has none.</param>
internal sealed record SliceEvent(SliceEventKind Kind, JsonElement Item, string? Version);
