using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientSideLb;

/// <summary>The JSON of the page.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LoadBalancingStatus))]
[JsonSerializable(typeof(Change))]
internal sealed partial class StatusJson : JsonSerializerContext;
