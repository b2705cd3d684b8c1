using ClientSideLb.Kubernetes.Choice;
using ClientSideLb.Kubernetes.Slices;
using ClientSideLb.Kubernetes.Tests.Server;
using Microsoft.Extensions.ServiceDiscovery;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Choice;

public sealed class PortChoiceTests
{
    private static readonly SlicePort Http = new("http", 8080, null);
    private static readonly SlicePort Https = new("https", 9443, null);
    private static readonly SlicePort Grpc = new("grpc", 9000, "kubernetes.io/h2c");
    private static readonly SlicePort Metrics = new("metrics", 9100, null);

    [Theory]
    [InlineData("http://_grpc.api", "http", 9000)]
    [InlineData("https://_https.api", "https", 9443)]
    [InlineData("https+http://_http.api", "http", 8080)]
    [InlineData("http://api", "http", 8080)]
    [InlineData("https://api", "https", 9443)]
    [InlineData("https+http://api", "https", 9443)]
    [InlineData("http+https://api", "http", 8080)]
    [InlineData("http://api:9100", "http", 9100)]
    public void The_name_goes_first_then_the_number_then_the_scheme(string query, string scheme, int port)
    {
        Assert.Equal(new PortChoice(scheme, port), PortChoice.Choose([Metrics, Grpc, Https, Http], Queries.Parse(query)));
    }

    [Theory]
    [InlineData("http://_web.api")]
    [InlineData("https://_grpc.api")]
    public void There_is_no_port_of_another_name_or_one_that_speaks_what_is_not_asked_for(string query)
    {
        Assert.Null(PortChoice.Choose([Metrics, Grpc, Https, Http], Queries.Parse(query)));
    }

    [Fact]
    public void Of_several_ports_without_a_hint_none_is_guessed()
    {
        var missing = new[] { Metrics, new SlicePort("admin", 9200, null) };

        Assert.Null(PortChoice.Choose([.. missing], Queries.Parse("http://api")));
        Assert.Equal(
            "Its ports are 'metrics' (9100), 'admin' (9200), and none of them is named 'http' or speaks it. A port can be named in the address, as in 'http://_grpc.api' for the port 'grpc' of 'api'.",
            PortChoice.DescribeMissing(missing, Queries.Parse("http://api")));
    }

    [Fact]
    public void The_only_port_that_speaks_the_scheme_is_chosen()
    {
        Assert.Equal(new PortChoice("http", 9000), PortChoice.Choose([Metrics, Grpc], Queries.Parse("http://api")));
        Assert.Equal(new PortChoice("https", 9300), PortChoice.Choose([Metrics, new SlicePort("web", 9300, "https")], Queries.Parse("https+http://api")));
    }

    [Theory]
    [InlineData("https+http://api", null, "", 8080, "http")]
    [InlineData("https+http://api", null, "web", 8443, "https")]
    [InlineData("https+http://api", null, "https-web", 8080, "https")]
    [InlineData("https+http://api", "https", "", 8080, "https")]
    [InlineData("https+http://api", "HTTPS", "http", 8080, "https")]
    [InlineData("https+http://api", "http", "https", 8443, "http")]
    [InlineData("https+http://api", "kubernetes.io/h2c", "", 8443, "http")]
    [InlineData("https+http://api", "kubernetes.io/ws", "", 8080, "http")]
    [InlineData("https+http://api", "kubernetes.io/wss", "", 8080, "https")]
    [InlineData("https+http://api", "example.com/mine", "", 8080, "http")]
    [InlineData("http://api", "https", "", 8080, "https")]
    [InlineData("http://api", null, "https", 8443, "http")]
    [InlineData("https://api", null, "http", 8080, "https")]
    [InlineData("api", null, "", 8080, null)]
    [InlineData("api", "https", "", 8080, "https")]
    public void The_scheme_of_the_only_port_is_what_its_owner_says_else_what_is_asked_for(string query, string? appProtocol, string name, int port, string? scheme)
    {
        Assert.Equal(new PortChoice(scheme, port), PortChoice.Choose([new SlicePort(name, port, appProtocol)], Queries.Parse(query)));
    }

    [Fact]
    public void A_request_for_https_alone_never_goes_to_a_port_that_speaks_http()
    {
        Assert.Null(PortChoice.Choose([new SlicePort("", 8080, "http")], Queries.Parse("https://api")));
    }

    [Fact]
    public void Schemes_that_the_application_does_not_allow_are_not_used()
    {
        var options = new ServiceDiscoveryOptions { AllowAllSchemes = false, AllowedSchemes = ["https"] };

        Assert.Equal(new PortChoice("https", 8080), PortChoice.Choose([new SlicePort("", 8080, null)], Queries.Parse("https+http://api", options)));
    }

    [Theory]
    [InlineData("http://api", null)]
    [InlineData("http://api:5000", 5000)]
    public void A_service_without_ports_leaves_the_port_to_the_client(string query, int? port)
    {
        Assert.Equal(new PortChoice("http", port), PortChoice.Choose([], Queries.Parse(query)));
    }

    [Fact]
    public async Task A_query_for_a_port_that_is_not_there_fails_and_says_which_there_are()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice(Slice("api-a", [Pod("10.0.0.1")], ports: [Port("grpc", 9000), Port("dns", 53, protocol: "UDP")]));
        await using var pod = new TestPod(server);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => pod.AskAsync("http://_web.api"));

        Assert.Contains("The service 'api.shop' has no port for 'http://_web.api'. Its ports are 'grpc' (9000), and none of them is named 'web'.", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slices_without_the_port_are_left_out_with_a_warning()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice(Slice("api-a", [Pod("10.0.0.1")], ports: [Port("grpc", 9000)]));
        server.SetSlice(Slice("api-b", [Pod("10.0.0.2")], ports: [Port("web", 8080)]));
        await using var pod = new TestPod(server);

        Assert.Equal(["http://10.0.0.1:9000"], await pod.AskAsync("http://_grpc.api"));
        Assert.Contains("1 EndpointSlices have no port for 'http://_grpc.api'", (await pod.LoggedAsync(412)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IPv6_addresses_have_brackets()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice(Slice("api-a", [Pod("fd00::1")], type: "IPv6"));
        await using var pod = new TestPod(server);

        Assert.Equal(["http://[fd00::1]:8080"], await pod.AskAsync());
        Assert.Equal(["[fd00::1]:8080"], await pod.AskAsync("api"));
    }

    [Fact]
    public async Task Host_names_are_addresses_too()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice(Slice("api-a", [Pod("db.example.com")], type: "FQDN"));
        await using var pod = new TestPod(server);

        Assert.Equal(["http://db.example.com:8080"], await pod.AskAsync());
    }
}
