using ClientSideLb.Dns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Dns.Tests.EndToEnd;

/// <summary>A balanced client, real backends, and names from DNS.</summary>
public sealed class HttpClientTests
{
    [Fact]
    public async Task Requests_go_to_the_backends_of_SRV_records_and_follow_them()
    {
        await using var one = await Backend.StartAsync();
        await using var two = await Backend.StartAsync();
        await using var three = await Backend.StartAsync();
        await using var knot = await KnotServer.StartAsync(Records(one, two));
        await using var app = NewApp(knot.Address);
        using var http = app.CreateClient("api");

        Assert.Equal(Ports(one, two), await SendAsync(http, 10));

        await knot.ChangeAsync(Records(two, three));
        await Eventually.TrueAsync(async () => Ports(two, three).SetEquals(await SendAsync(http, 4)), "requests go to the new backends and to no others");
    }

    [Fact]
    public async Task Weights_are_shares_and_a_later_priority_waits()
    {
        await using var one = await Backend.StartAsync();
        await using var two = await Backend.StartAsync();
        await using var spare = await Backend.StartAsync();
        await using var dns = new StubDnsServer();
        dns.Answer(_ => new DnsPacket()
            .Service("_http._tcp.api.example", 10, 3, one.Port, "local.example")
            .Service("_http._tcp.api.example", 10, 1, two.Port, "local.example")
            .Service("_http._tcp.api.example", 20, 5, spare.Port, "local.example")
            .AddedAddress("local.example", "127.0.0.1"));
        await using var app = NewApp(dns.Address, services: static services => services
            .AddHttpClient("api").AddLoadBalancing(static options => options.Strategy = LoadBalancingStrategies.WeightedRoundRobin));
        using var http = app.CreateClient("api");
        var answers = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            answers.Add(await http.GetStringAsync(new Uri("", UriKind.Relative)));
        }

        Assert.Equal(
            new Dictionary<string, int> { [$"{one.Port} api.example"] = 30, [$"{two.Port} api.example"] = 10 },
            answers.CountBy(static answer => answer).ToDictionary());
    }

    [Fact]
    public async Task Requests_go_to_every_address_of_a_name_with_the_port_and_the_name_of_the_request()
    {
        await using var backend = await Backend.StartAsync();
        await using var dns = new StubDnsServer();
        dns.AnswerAddresses("api.example", 60, "127.0.0.1");
        await using var app = NewApp(dns.Address, $"http://api.example:{backend.Port}/");
        using var http = app.CreateClient("api");

        Assert.Equal($"{backend.Port} api.example:{backend.Port}", await http.GetStringAsync(new Uri("", UriKind.Relative)));
    }

    [Fact]
    public async Task A_request_to_a_name_that_DNS_does_not_know_is_sent_to_the_name_itself_until_DNS_knows_it()
    {
        await using var backend = await Backend.StartAsync();
        await using var dns = new StubDnsServer();
        dns.Answer(static _ => new DnsPacket { Code = 3 }.Authority("example", 1, 1));
        var sentTo = "";
        await using var app = NewApp(dns.Address, "http://api.example/", services => services
            .AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => new Recorder(uri => sentTo = uri.Authority)));
        using var http = app.CreateClient("api");

        using (await http.GetAsync(new Uri("", UriKind.Relative)))
        {
            Assert.Equal("api.example", sentTo);
        }

        dns.AnswerAddresses("api.example", 60, "10.0.0.1");
        await Eventually.TrueAsync(
            async () =>
            {
                using (await http.GetAsync(new Uri("", UriKind.Relative)))
                {
                    return sentTo == "10.0.0.1";
                }
            },
            "the requests go to the address");
    }

    [Fact]
    public async Task A_first_lookup_that_fails_fails_the_request_with_the_reason()
    {
        await using var dns = new StubDnsServer();
        dns.Answer(static _ => new DnsPacket { Code = 2 });
        await using var app = NewApp(dns.Address, "http://api.example/");
        using var http = app.CreateClient("api");

        var failure = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => http.GetStringAsync(new Uri("", UriKind.Relative)));

        Assert.Equal(NoEndpointReason.DiscoveryFailed, failure.Reason);
        Assert.Contains("answered ServerFailure", failure.ToString(), StringComparison.Ordinal);
    }

    private static DnsApp NewApp(string server, string address = "http://_http._tcp.api.example/", Action<IServiceCollection>? services = null) => new(
        server,
        after: collection =>
        {
            collection
                .AddHttpClient("api", http => http.BaseAddress = new Uri(address))
                .UseSocketsHttpHandler(static (handler, _) => handler.UseProxy = false)
                .AddLoadBalancing(static options => options.Strategy = LoadBalancingStrategies.RoundRobin);
            services?.Invoke(collection);
        });

    private static string[] Records(params Backend[] backends) =>
        [.. backends.Select(static backend => $"_http._tcp.api 1 SRV 0 1 {backend.Port} local"), "local 1 A 127.0.0.1"];

    private static HashSet<string> Ports(params Backend[] backends) => [.. backends.Select(static backend => $"{backend.Port} api.example")];

    private static async Task<HashSet<string>> SendAsync(HttpClient http, int count)
    {
        var answers = new HashSet<string>();
        for (var i = 0; i < count; i++)
        {
            answers.Add(await http.GetStringAsync(new Uri("", UriKind.Relative)));
        }

        return answers;
    }

    private sealed class Recorder(Action<Uri> note) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            note(request.RequestUri!);
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
