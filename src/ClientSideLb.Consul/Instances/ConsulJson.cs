using System.Text.Json.Serialization;

namespace ClientSideLb.Consul.Instances;

/// <summary>Reads and writes JSON without reflection.</summary>
[JsonSerializable(typeof(EntryDocument[]))]
internal sealed partial class ConsulJson : JsonSerializerContext;
