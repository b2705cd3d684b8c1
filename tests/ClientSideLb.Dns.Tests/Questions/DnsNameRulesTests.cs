using ClientSideLb.Dns.Questions;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Dns.Tests.Questions;

public sealed class DnsNameRulesTests
{
    [Theory]
    [InlineData("http://api.example", "api.example", "api.example")]
    [InlineData("api.example", "api.example", "api.example")]
    [InlineData("http://API.Example.", "api.example", "api.example")]
    [InlineData("http://äpfel.example", "xn--pfel-koa.example", "xn--pfel-koa.example")]
    [InlineData("http://_http._tcp.api.example", "_http._tcp.api.example SRV", "api.example")]
    [InlineData("http://_http.api.example", "_http._tcp.api.example SRV", "api.example")]
    [InlineData("http://_metrics._udp.api.example", "_metrics._udp.api.example SRV", "api.example")]
    [InlineData("https+http://_port._tcp.api.shop.svc.cluster.local", "_port._tcp.api.shop.svc.cluster.local SRV", "api.shop.svc.cluster.local")]
    public void A_complete_name_is_asked_for_as_it_is(string query, string question, string domain) => AssertQuestion(new(), query, question, domain);

    [Theory]
    [InlineData("http://api", "api.shop.svc.cluster.local")]
    [InlineData("http://_http.api", "_http._tcp.api.shop.svc.cluster.local SRV")]
    [InlineData("http://_http._tcp.api", "_http._tcp.api.shop.svc.cluster.local SRV")]
    [InlineData("http://api.example", "api.example")]
    [InlineData("http://api.", "api")]
    [InlineData("http://_http.api.example", "_http._tcp.api.example SRV")]
    public void A_name_without_a_dot_gets_the_suffix(string query, string question) =>
        AssertQuestion(new() { Suffix = ".shop.svc.cluster.local" }, query, question);

    [Fact]
    public void A_port_name_makes_a_plain_name_one_of_a_service()
    {
        var options = new DnsDiscoveryOptions { PortName = "http", Suffix = "example" };

        AssertQuestion(options, "http://api", "_http._tcp.api.example SRV", "api.example");
        AssertQuestion(options, "http://_grpc.api", "_grpc._tcp.api.example SRV");
    }

    [Fact]
    public void A_listed_name_is_asked_for_as_listed()
    {
        var options = new DnsDiscoveryOptions { PortName = "http", Suffix = "example" };
        options.Names["api"] = "_api._tcp.service.consul";
        options.Names["web"] = "web";

        AssertQuestion(options, "http://API", "_api._tcp.service.consul SRV", "service.consul");
        AssertQuestion(options, "http://web", "web");
    }

    [Theory]
    [InlineData("http://10.0.0.1")]
    [InlineData("http://[::1]:80")]
    [InlineData("http://localhost:5000")]
    [InlineData("http://api.localhost")]
    public void Addresses_and_local_names_are_not_asked_for(string query) => Assert.Null(Ask(new(), query));

    [Fact]
    public void A_name_that_is_refused_is_not_asked_for()
    {
        var options = new DnsDiscoveryOptions { Accepts = static name => name.EndsWith(".example", StringComparison.Ordinal) };

        Assert.Null(Ask(options, "http://api.test"));
        Assert.NotNull(Ask(options, "http://_http.api.example"));
    }

    [Fact]
    public void A_name_that_is_none_of_DNS_is_not_asked_for() => Assert.Null(Ask(new(), $"http://api.{new string('a', 64)}"));

    private static void AssertQuestion(DnsDiscoveryOptions options, string query, string expected, string? domain = null)
    {
        var question = Assert.NotNull(Ask(options, query));
        Assert.Equal(expected, question.IsSrv ? $"{question.Name} SRV" : question.Name);
        Assert.Equal(domain ?? question.Domain, question.Domain);
    }

    private static DnsQuestion? Ask(DnsDiscoveryOptions options, string query)
    {
        Assert.True(ServiceEndpointQuery.TryParse(query, out var parsed));
        return new DnsNameRules(options).GetQuestion(parsed);
    }
}
