using System.Text;
using ClientSideLb.Tests.Functional;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The configuration on docs/discovery.md has the effect that the page says.</summary>
public sealed class DiscoveryPageTests
{
    [Theory]
    [InlineData("https+http://api", "https://10.0.0.1:8443", "https://10.0.0.2:8443")]
    [InlineData("http://api", "http://10.0.0.1:8080", "http://10.0.0.2:8080")]
    [InlineData("http://_admin.api", "http://10.0.0.1:9090")]
    public async Task The_address_of_a_request_says_which_list_is_used(string address, params string[] endpoints)
    {
        var page = MarkdownPage.ReadAll().Single(static page => page.Document == "docs/discovery.md");
        var json = string.Join('\n', page.GetBlocks().First(static block => block.Language == "json").Code);

        await Finds(address, endpoints, new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build());
    }

    [Theory]
    [InlineData("https+http://api", "https://10.0.0.1:8080")]
    [InlineData("http://api", "http://10.0.0.1:8080")]
    public Task An_address_without_a_scheme_gets_the_first_one_of_the_request(string address, string endpoint) =>
        Finds(address, [endpoint], new ReloadableConfiguration(("Services:api:http:0", "10.0.0.1:8080")).Root);

    [Fact]
    public async Task Http_is_used_if_there_is_no_https() =>
        await Finds("https+http://api", ["http://10.0.0.1:8080"], new ReloadableConfiguration(("Services:api:http:0", "http://10.0.0.1:8080")).Root);

    [Fact]
    public async Task A_name_whose_lists_do_not_fit_has_no_endpoints()
    {
        await using var client = Create(new ReloadableConfiguration(("Services:api:https:0", "https://10.0.0.1:8443")).Root);

        var failure = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => client.GetAsync(1, "http://api"));

        Assert.Equal(NoEndpointReason.NoneFound, failure.Reason);
    }

    private static async Task Finds(string address, string[] endpoints, IConfiguration configuration)
    {
        await using var client = Create(configuration);

        await client.GetAsync(1, address);

        Assert.Equal(endpoints.Select(static endpoint => new Uri(endpoint)), client.Endpoints.Select(static endpoint => endpoint.Address));
    }

    private static BalancedClient Create(IConfiguration configuration) => BalancedClient.Create(
        static builder => builder.ConfigurePrimaryHttpMessageHandler(static () => new StubBackend()).AddLoadBalancing(),
        services => services.AddSingleton(configuration));
}
