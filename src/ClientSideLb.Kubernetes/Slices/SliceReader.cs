using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using static ClientSideLb.Kubernetes.Slices.SliceDocuments;

namespace ClientSideLb.Kubernetes.Slices;

/// <summary>Reads EndpointSlices (discovery.k8s.io/v1) from JSON.</summary>
internal static class SliceReader
{
    private const int LargestPort = 65535;

    /// <summary>Reads a slice.</summary>
    /// <exception cref="FormatException">The slice is malformed. The message says what is wrong.</exception>
    internal static Slice Read(JsonElement json)
    {
        SliceDocument document;
        try
        {
            document = json.Deserialize(SliceJson.Default.SliceDocument) ?? throw new FormatException("It is null.");
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }

        var name = document.Metadata?.Name is { Length: > 0 } given ? given : throw new FormatException("It has no name.");
        var kind = document.AddressType switch
        {
            "IPv4" => AddressKind.IPv4,
            "IPv6" => AddressKind.IPv6,
            "FQDN" => AddressKind.HostName,
            var other => throw new FormatException($"Its address type '{other}' is not known."),
        };
        return new Slice(
            name,
            kind,
            [.. (document.Ports ?? []).Select(ReadPort).OfType<SlicePort>()],
            [.. (document.Endpoints ?? []).Select(endpoint => ReadEndpoint(endpoint, kind))]);
    }

    /// <summary>Gets the name of an object that may be malformed.</summary>
    internal static string GetName(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("metadata", out var metadata)
        && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty("name", out var name)
        && name.ValueKind == JsonValueKind.String
            ? name.GetString()!
            : "(no name)";

    private static SlicePort? ReadPort(PortDocument? port) => port switch
    {
        null => throw new FormatException("One of its ports is null."),
        { Protocol: not (null or "TCP") } => null,
        { Port: < 1 or > LargestPort } => throw new FormatException($"Its port {port.Port} is not one."),
        _ => new SlicePort(port.Name ?? "", port.Port, port.AppProtocol),
    };

    private static SliceEndpoint ReadEndpoint(EndpointDocument? endpoint, AddressKind kind)
    {
        // All addresses of an endpoint mean the same one, and clients may use the first alone: https://issue.k8s.io/106267
        if (endpoint?.Addresses is not [{ } address, ..])
        {
            throw new FormatException("One of its endpoints has no address.");
        }

        if (!IsAddress(address, kind))
        {
            throw new FormatException($"The address '{address}' of one of its endpoints is not of the type {kind}.");
        }

        // A condition that the slice does not give counts as good.
        var conditions = endpoint.Conditions;
        var isReady = conditions?.Ready ?? true;
        return new SliceEndpoint(address, isReady, conditions?.Serving ?? isReady, conditions?.Terminating ?? false)
        {
            Zone = endpoint.Zone is { Length: > 0 } zone ? zone : null,
            NodeName = endpoint.NodeName,
            Target = endpoint.TargetRef is { } target ? $"{target.Kind}/{target.Namespace}/{target.Name}/{target.Uid}" : null,
            ForZones = ReadNames(endpoint.Hints?.ForZones),
            ForNodes = ReadNames(endpoint.Hints?.ForNodes),
        };
    }

    private static bool IsAddress(string address, AddressKind kind) => kind switch
    {
        AddressKind.HostName => Uri.CheckHostName(address) == UriHostNameType.Dns,
        _ => IPAddress.TryParse(address, out var ip)
            && ip.AddressFamily == (kind == AddressKind.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6),
    };

    private static ImmutableArray<string> ReadNames(NameDocument?[]? names) =>
        names is null ? [] : [.. names.Select(static name => name?.Name).OfType<string>()];
}
