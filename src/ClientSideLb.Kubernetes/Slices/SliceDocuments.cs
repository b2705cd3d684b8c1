using System.Text.Json;

namespace ClientSideLb.Kubernetes.Slices;

/// <summary>The JSON of the API server, as far as it is read. Other properties are ignored.</summary>
internal static class SliceDocuments
{
    /// <summary>A list. Its items are read one by one, so that a malformed one does not spoil the others.</summary>
    internal sealed record ListDocument(string? Kind, ListMetadata? Metadata, JsonElement[]? Items);

    internal sealed record ListMetadata(string? ResourceVersion, string? Continue);

    /// <summary>A line of a watch.</summary>
    internal sealed record EventDocument(string? Type, JsonElement Object);

    /// <summary>The status that the API server sends in place of an answer.</summary>
    internal sealed record StatusDocument(string? Kind, string? Message, string? Reason, int? Code);

    /// <summary>Any object: its name, its version and its labels.</summary>
    internal sealed record NamedDocument(ObjectMetadata? Metadata);

    internal sealed record ObjectMetadata(string? Name, string? ResourceVersion, Dictionary<string, string?>? Labels);

    internal sealed record SliceDocument(ObjectMetadata? Metadata, string? AddressType, EndpointDocument?[]? Endpoints, PortDocument?[]? Ports);

    internal sealed record EndpointDocument(
        string?[]? Addresses, ConditionsDocument? Conditions, string? NodeName, string? Zone, TargetDocument? TargetRef, HintsDocument? Hints);

    internal sealed record ConditionsDocument(bool? Ready, bool? Serving, bool? Terminating);

    internal sealed record TargetDocument(string? Kind, string? Namespace, string? Name, string? Uid);

    internal sealed record HintsDocument(NameDocument?[]? ForZones, NameDocument?[]? ForNodes);

    internal sealed record NameDocument(string? Name);

    internal sealed record PortDocument(string? Name, int? Port, string? Protocol, string? AppProtocol);
}
