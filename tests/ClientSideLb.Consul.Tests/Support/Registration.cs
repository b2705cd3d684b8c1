using System.Text.Json.Nodes;

namespace ClientSideLb.Consul.Tests.Support;

/// <summary>An instance that is registered at the test's Consul.</summary>
internal sealed record Registration(string Id, string Address, int Port)
{
    internal string NodeAddress { get; init; } = "10.9.9.9";

    internal string[] Tags { get; init; } = [];

    /// <summary>Gets the status of the service's own check.</summary>
    internal string Status { get; init; } = "passing";

    internal bool IsInMaintenance { get; init; }

    internal (int Passing, int Warning) Weights { get; init; } = (1, 1);

    /// <summary>Gets the value of the key <c>scheme</c> in the metadata.</summary>
    internal string? Scheme { get; init; }

    internal bool IsPassing => Status == "passing" && !IsInMaintenance;

    internal static Registration Of(Uri backend) => new($"api-{backend.Port}", backend.Host, backend.Port);

    internal JsonObject ToJson(string service)
    {
        var checks = new JsonArray(Check("serfHealth", "passing"), Check($"service:{Id}", Status));
        if (IsInMaintenance)
        {
            checks.Add(Check($"_service_maintenance:{Id}", "critical"));
        }

        return new JsonObject
        {
            ["Node"] = new JsonObject { ["Node"] = "node-1", [nameof(Address)] = NodeAddress, ["Datacenter"] = "dc1", ["Meta"] = new JsonObject() },
            ["Service"] = new JsonObject
            {
                ["ID"] = Id,
                ["Service"] = service,
                [nameof(Tags)] = new JsonArray([.. Tags.Select(static tag => JsonValue.Create(tag))]),
                [nameof(Address)] = Address,
                [nameof(Port)] = Port,
                ["Meta"] = Scheme is null ? new JsonObject() : new JsonObject { ["scheme"] = Scheme },
                [nameof(Weights)] = new JsonObject { ["Passing"] = Weights.Passing, ["Warning"] = Weights.Warning },
            },
            ["Checks"] = checks,
        };
    }

    private static JsonObject Check(string id, string status) => new() { ["CheckID"] = id, [nameof(Status)] = status, ["Output"] = "" };
}
