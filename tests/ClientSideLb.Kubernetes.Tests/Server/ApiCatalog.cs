using System.Text.Json.Nodes;

namespace ClientSideLb.Kubernetes.Tests.Server;

/// <summary>The documents in which an API server tells clients such as kubectl what it serves.</summary>
internal static class ApiCatalog
{
    private static readonly (string Group, string Version, string Resource, string Kind, bool Namespaced, string Short)[] Resources =
    [
        ("", "v1", "events", "Event", true, "ev"),
        ("", "v1", "nodes", "Node", false, "no"),
        ("", "v1", "namespaces", "Namespace", false, "ns"),
        ("", "v1", "services", "Service", true, "svc"),
        ("", "v1", "serviceaccounts", "ServiceAccount", true, "sa"),
        ("apps", "v1", "deployments", "Deployment", true, "deploy"),
        ("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true, "eps"),
        ("rbac.authorization.k8s.io", "v1", "roles", "Role", true, "role"),
        ("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true, "rb"),
        ("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false, "cr"),
        ("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false, "crb"),
    ];

    internal static (string ApiVersion, string Kind) GetKind(string resource)
    {
        var found = Resources.Single(one => one.Resource == resource);
        return (found.Group.Length == 0 ? found.Version : $"{found.Group}/{found.Version}", found.Kind);
    }

    internal static JsonObject? Describe(string path) => path switch
    {
        "/version" => new JsonObject { ["major"] = "1", ["minor"] = "33", ["gitVersion"] = "v1.33.0" },
        "/api" => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
        "/apis" => new JsonObject
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. Resources.Where(static one => one.Group.Length > 0).DistinctBy(static one => one.Group).Select(DescribeGroup)]),
        },
        _ => DescribeVersion(path.StartsWith("/apis/", StringComparison.Ordinal) ? path[6..] : path.StartsWith("/api/", StringComparison.Ordinal) ? path[5..] : ""),
    };

    private static JsonObject DescribeGroup((string Group, string Version, string Resource, string Kind, bool Namespaced, string Short) one)
    {
        JsonObject Version() => new() { ["groupVersion"] = $"{one.Group}/{one.Version}", ["version"] = one.Version };
        return new JsonObject { ["name"] = one.Group, ["versions"] = new JsonArray(Version()), ["preferredVersion"] = Version() };
    }

    private static JsonObject? DescribeVersion(string version)
    {
        var served = Resources.Where(one => GetKind(one.Resource).ApiVersion == version).ToList();
        return served.Count == 0 ? null : new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = version,
            ["resources"] = new JsonArray([.. served.Select(static one => new JsonObject
            {
                ["name"] = one.Resource,
                ["singularName"] = one.Kind.ToLowerInvariant(),
                ["namespaced"] = one.Namespaced,
                ["kind"] = one.Kind,
                ["shortNames"] = new JsonArray(one.Short),
                ["verbs"] = new JsonArray("get", "list", "watch", "create", "patch"),
            })]),
        };
    }
}
