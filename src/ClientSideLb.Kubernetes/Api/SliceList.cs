using System.Text.Json;

namespace ClientSideLb.Kubernetes.Api;

/// <summary>All slices of a service at one time.</summary>
/// <param name="Items">The slices, not read yet.</param>
/// <param name="Version">The version from which a watch goes on.</param>
internal sealed record SliceList(IReadOnlyList<JsonElement> Items, string Version);
