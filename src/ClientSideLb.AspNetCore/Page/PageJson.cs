using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientSideLb.AspNetCore.Page;

/// <summary>The JSON that the page and its script exchange, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PageStatus))]
[JsonSerializable(typeof(ChangeRequest))]
internal sealed partial class PageJson : JsonSerializerContext;
