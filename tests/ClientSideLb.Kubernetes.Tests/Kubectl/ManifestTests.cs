using System.Text.Json.Nodes;
using ClientSideLb.Kubernetes.Tests.Server;
using ClientSideLb.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Kubernetes.Tests.Kubectl;

/// <summary>The manifests in examples/Kubernetes.</summary>
public sealed class ManifestTests
{
    private static readonly string Folder = RepositoryFiles.PathOf("examples", "Kubernetes");

    [Fact]
    public async Task Kubectl_takes_every_manifest()
    {
        await using var server = await ApiServer.StartNewAsync();
        using var kubectl = new KubectlTool(server);

        var output = await ApplyAsync(kubectl, "--output=name");

        Assert.Equal(
            [
                "clusterrole.rbac.authorization.k8s.io/node-reader",
                "clusterrolebinding.rbac.authorization.k8s.io/web-reads-nodes",
                "deployment.apps/api",
                "deployment.apps/web",
                "role.rbac.authorization.k8s.io/endpointslice-reader",
                "rolebinding.rbac.authorization.k8s.io/web-reads-endpointslices",
                "service/api",
                "serviceaccount/web",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_application_may_do_what_discovery_does_and_no_more()
    {
        await using var server = await ApiServer.StartNewAsync();
        using var kubectl = new KubectlTool(server);
        var objects = JsonNode.Parse(await ApplyAsync(kubectl, "--output=json"))!["items"]!.AsArray().ToList();
        JsonNode Get(string kind, string name) => objects.Single(one => Text(one!["kind"]) == kind && Text(one["metadata"]!["name"]) == name)!;

        server.Requests.Clear();

        // The server allows what the manifests grant to the account of the application's pods.
        var account = Text(Get("Deployment", "web")["spec"]!["template"]!["spec"]!["serviceAccountName"]);
        var allowed = Grants(Get("RoleBinding", "web-reads-endpointslices"), account, Get)
            .Concat(Grants(Get("ClusterRoleBinding", "web-reads-nodes"), account, Get))
            .ToHashSet();
        server.Allows = request => allowed.Contains((request.Verb, request.Group, request.Resource));
        server.SetSlice("api-a", Objects.Pod("10.0.0.1"));
        server.Store.Set("nodes", Objects.Node("node-1", "west-a"));
        await using var pod = new TestPod(server, static options => options.NodeName = "node-1");

        await pod.AskAsync();
        pod.Services.GetRequiredService<IOptionsFactory<LoadBalancingOptions>>().Create("api");
        await pod.LoggedAsync(413);
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        Assert.Equal(
            allowed.Order(),
            server.Requests.Select(static request => (request.Verb, request.Group, request.Resource)).Distinct().Order());
        var env = Get("Deployment", "web")["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]![0]!;
        Assert.Equal(("NODE_NAME", "spec.nodeName"), (Text(env["name"]), Text(env["valueFrom"]!["fieldRef"]!["fieldPath"])));
    }

    private static Task<string> ApplyAsync(KubectlTool kubectl, string output) =>
        kubectl.RunAsync("apply", "--dry-run=client", "--validate=false", $"--filename={Folder}", output);

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static IEnumerable<(string Verb, string Group, string Resource)> Grants(JsonNode binding, string account, Func<string, string, JsonNode> get)
    {
        Assert.Equal(account, Text(binding["subjects"]![0]!["name"]));
        var role = get(Text(binding["roleRef"]!["kind"]), Text(binding["roleRef"]!["name"]));
        return from rule in role["rules"]!.AsArray()
               from verb in rule!["verbs"]!.AsArray()
               from api in rule["apiGroups"]!.AsArray()
               from resource in rule["resources"]!.AsArray()
               select (Text(verb), Text(api), Text(resource));
    }
}
