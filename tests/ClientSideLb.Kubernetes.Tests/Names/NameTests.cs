using ClientSideLb.Kubernetes.Names;
using ClientSideLb.Kubernetes.Tests.Server;
using Microsoft.Extensions.DependencyInjection;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Names;

public sealed class NameTests
{
    [Theory]
    [InlineData("api", "shop", "api", true)]
    [InlineData("API", "shop", "api", true)]
    [InlineData("api.billing", "billing", "api", false)]
    [InlineData("api.shop", "shop", "api", true)]
    [InlineData("api.billing.svc", "billing", "api", true)]
    [InlineData("api.billing.svc.cluster.local", "billing", "api", true)]
    [InlineData("api.billing.svc.cluster.local.", "billing", "api", true)]
    [InlineData("svc.billing.svc", "billing", "svc", true)]
    public void A_name_has_a_namespace_of_its_own_or_the_pods(string name, string space, string service, bool isCertain)
    {
        Assert.Equal(new KubernetesServiceName(space, service, isCertain), KubernetesServiceName.Parse(name, "shop", "cluster.local"));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("10.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("www.example.com")]
    [InlineData("api.svc")]
    [InlineData("api.svc.cluster.local")]
    [InlineData("pod-0.api.shop.svc.cluster.local")]
    [InlineData("api.shop.svc.other.domain")]
    [InlineData("api_v2")]
    [InlineData("-api")]
    [InlineData("api..shop")]
    [InlineData("")]
    public void Other_names_are_those_of_no_service(string name)
    {
        // "api.svc" would be the service "api" of a namespace "svc"; the resolver of a pod does not find it by that name either.
        Assert.Null(KubernetesServiceName.Parse(name, "shop", "cluster.local"));
    }

    [Fact]
    public void The_domain_of_the_cluster_can_be_another()
    {
        Assert.Equal("billing", KubernetesServiceName.Parse("api.billing.svc.example.test", "shop", "example.test")!.Namespace);
        Assert.Null(KubernetesServiceName.Parse("api.billing.svc.cluster.local", "shop", "example.test"));
    }

    [Fact]
    public async Task The_namespace_of_a_name_is_asked()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice(Slice("api-a", [Pod("10.0.0.1")], space: "shop"));
        server.SetSlice(Slice("api-a", [Pod("10.0.0.2")], space: "billing"));
        await using var pod = new TestPod(server);

        Assert.Equal(["http://10.0.0.1:8080"], await pod.AskAsync("http://api"));
        Assert.Equal(["http://10.0.0.2:8080"], await pod.AskAsync("http://api.billing"));
        Assert.Equal(["http://10.0.0.2:8080"], await pod.AskAsync("http://api.billing.svc.cluster.local"));
    }

    [Fact]
    public async Task The_options_set_another_namespace_than_the_pods()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice(Slice("api-a", [Pod("10.0.0.2")], space: "billing"));
        await using var pod = new TestPod(server, static options => options.Namespace = "billing");

        Assert.Equal(["http://10.0.0.2:8080"], await pod.AskAsync("http://api"));
    }

    [Fact]
    public async Task A_name_of_no_service_is_left_to_the_pass_through_provider()
    {
        await using var server = await ApiServer.StartNewAsync();
        await using var pod = new TestPod(server, services: static services => services.AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(new Microsoft.Extensions.Configuration.ConfigurationManager()).AddServiceDiscovery());

        Assert.Equal(["Unspecified/nobody:80"], await pod.AskAsync("http://nobody"));
        Assert.Equal(["Unspecified/example.com:80"], await pod.AskAsync("http://example.com"));
        Assert.Equal(["Unspecified/www.example.com:80"], await pod.AskAsync("http://www.example.com"));
        Assert.DoesNotContain(server.Requests, static request => request.Space == "example");
    }

    [Fact]
    public async Task A_service_that_is_made_later_is_found()
    {
        await using var server = await ApiServer.StartNewAsync();
        await using var pod = new TestPod(server);
        Assert.Empty(await pod.AskAsync());
        Assert.Contains("Kubernetes does not know the service 'api.shop'", (await pod.LoggedAsync(404)).Message, StringComparison.Ordinal);

        server.SetSlice("api-a", Pod("10.0.0.1"));

        await pod.HasAsync("http://10.0.0.1:8080");
    }

    [Fact]
    public async Task A_name_that_may_be_that_of_any_host_gets_no_watch_until_it_is_a_service()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice(Slice("api-a", [Pod("10.0.0.2")], space: "billing"));
        await using var pod = new TestPod(server);

        await pod.AskAsync("http://example.com");
        await pod.AskAsync("http://api.billing");
        await Eventually.TrueAsync(() => Task.FromResult(server.Watches.Any()), "the watch is open");

        Assert.Equal("billing", Assert.Single(server.Watches).Space);
    }

    [Fact]
    public async Task Outside_of_a_cluster_all_names_are_left_to_others()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is null, "These tests run in a cluster.");
        await using var server = await ApiServer.StartNewAsync();
        await using var pod = new TestPod(server, static options => options.ApiServer = null, static services => services.AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(new Microsoft.Extensions.Configuration.ConfigurationManager()).AddServiceDiscovery());

        Assert.Equal(["Unspecified/api:80"], await pod.AskAsync());
        await pod.AskAsync("http://other");

        Assert.Single(pod.Find(410));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_applications_own_configuration_of_the_client_is_used()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.Token = "own";
        server.SetSlice("api-a", Pod("10.0.0.1"));
        await using var pod = new TestPod(
            server,
            static options => options.ApiServer = null,
            services => services.AddSingleton(new k8s.KubernetesClientConfiguration { Host = server.Address.AbsoluteUri, AccessToken = "own" }));

        Assert.Equal(["http://10.0.0.1:8080"], await pod.AskAsync());
    }
}
