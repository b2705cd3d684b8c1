using System.Text.Json.Nodes;

namespace ClientSideLb.Kubernetes.Tests.Server;

/// <summary>Makes objects as the control plane makes them.</summary>
internal static class Objects
{
    /// <summary>Makes a slice of a service.</summary>
    /// <param name="name">The name of the slice.</param>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="service">The service.</param>
    /// <param name="space">The namespace.</param>
    /// <param name="port">The number of its port, if <paramref name="ports"/> is not given.</param>
    /// <param name="ports">The ports.</param>
    /// <param name="type">The type of the addresses.</param>
    internal static JsonObject Slice(
        string name, JsonObject[] endpoints, string service = "api", string space = "shop", int port = 8080, JsonObject[]? ports = null, string type = "IPv4") => new()
        {
            ["kind"] = "EndpointSlice",
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = space,
                ["labels"] = new JsonObject
                {
                    ["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io",
                    ["kubernetes.io/service-name"] = service,
                },
            },
            ["addressType"] = type,
            ["endpoints"] = new JsonArray([.. endpoints]),
            ["ports"] = new JsonArray([.. ports ?? [Port("", port)]]),
        };

    internal static JsonObject Port(string name, int port, string? appProtocol = null, string protocol = "TCP")
    {
        var made = new JsonObject { ["name"] = name, ["port"] = port, ["protocol"] = protocol };
        if (appProtocol is not null)
        {
            made["appProtocol"] = appProtocol;
        }

        return made;
    }

    internal static JsonObject Pod(
        string address,
        bool ready = true,
        bool? serving = null,
        bool terminating = false,
        string? zone = null,
        string? node = null,
        string? name = null,
        string[]? forZones = null,
        string[]? forNodes = null)
    {
        var made = new JsonObject
        {
            ["addresses"] = new JsonArray(address),
            ["conditions"] = new JsonObject { ["ready"] = ready, ["serving"] = serving ?? ready, ["terminating"] = terminating },
            ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = "shop", ["name"] = name ?? $"pod-{address}", ["uid"] = $"uid-{name ?? address}" },
        };
        if (zone is not null)
        {
            made["zone"] = zone;
        }

        if (node is not null)
        {
            made["nodeName"] = node;
        }

        var hints = new JsonObject();
        if (forZones is not null)
        {
            hints["forZones"] = new JsonArray([.. forZones.Select(static one => new JsonObject { ["name"] = one })]);
        }

        if (forNodes is not null)
        {
            hints["forNodes"] = new JsonArray([.. forNodes.Select(static one => new JsonObject { ["name"] = one })]);
        }

        if (hints.Count > 0)
        {
            made["hints"] = hints;
        }

        return made;
    }

    internal static JsonObject Node(string name, string? zone) => new()
    {
        ["kind"] = "Node",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = zone is null ? new JsonObject() : new JsonObject { ["topology.kubernetes.io/zone"] = zone },
        },
    };

    internal static void SetSlice(this ApiServer server, JsonObject slice) => server.Store.Set("endpointslices", slice);

    internal static void SetSlice(this ApiServer server, string name, params JsonObject[] endpoints) => server.SetSlice(Slice(name, endpoints));

    internal static void DeleteSlice(this ApiServer server, string name, string space = "shop") => server.Store.Delete("endpointslices", space, name);
}
