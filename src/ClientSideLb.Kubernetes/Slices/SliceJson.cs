using System.Text.Json.Serialization;
using static ClientSideLb.Kubernetes.Slices.SliceDocuments;

namespace ClientSideLb.Kubernetes.Slices;

/// <summary>Reads the JSON of the API server without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ListDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(SliceDocument))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(NamedDocument))]
internal sealed partial class SliceJson : JsonSerializerContext;
