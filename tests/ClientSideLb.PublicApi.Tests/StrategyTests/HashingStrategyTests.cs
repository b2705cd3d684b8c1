using System.Net;

namespace ClientSideLb.PublicApi.Tests.StrategyTests;

/// <summary>Rules that hold for both strategies that hash.</summary>
public sealed class HashingStrategyTests
{
    private const int Callers = 2_000;

    private readonly Random _random = new(1);

    public static TheoryData<string> Names => ["MyIpHash", "MyHashRing"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Clients_that_list_the_endpoints_in_different_orders_agree(string name)
    {
        var endpoints = Endpoints.Equal(5);
        ClusterEndpoint[] reversed = [.. endpoints.Reverse()];

        Assert.Equal(PicksOf(Create(name, Endpoints.SetOf(endpoints))), PicksOf(Create(name, Endpoints.SetOf(reversed))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_outage_moves_the_callers_of_that_endpoint_alone(string name)
    {
        var endpoints = Endpoints.Equal(5);
        var before = PicksOf(Create(name, Endpoints.SetOf(endpoints)));

        var during = PicksOf(Create(name, Endpoints.SetOf(endpoints, endpoints[1..])));

        Assert.All(before.Zip(during), pair => Assert.Equal(pair.First != endpoints[0], pair.First == pair.Second));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_retry_goes_elsewhere_and_other_callers_stay(string name)
    {
        var endpoints = Endpoints.Equal(5);
        var picker = Create(name, Endpoints.SetOf(endpoints));
        var first = PicksOf(picker);

        var retries = PicksOf(picker, excluded: endpoints[..1]);

        Assert.All(first.Zip(retries), pair => Assert.Equal(pair.First != endpoints[0], pair.First == pair.Second));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Callers_return_to_an_endpoint_that_has_been_out(string name)
    {
        using var client = new BalancedClient(
            StrategyCatalog.ByName[name],
            ["http://a", "http://b", "http://c"],
            configure: static options => options.HashKeySelector = static request => request.Headers.GetValues("X-Caller").Single());
        var before = await HostsOfCallers(client);

        client.Cluster.TryDrain(new Uri("http://b"));
        var during = await HostsOfCallers(client);
        client.Cluster.TryResume(new Uri("http://b"));
        var after = await HostsOfCallers(client);

        Assert.Contains("b", before);
        Assert.All(before.Zip(during), static pair => Assert.Equal(pair.First != "b", pair.First == pair.Second));
        Assert.Equal(before, after);
    }

    private static EndpointPicker Create(string name, EndpointSet endpoints) => StrategyCatalog.ByName[name].CreatePicker(endpoints);

    private static async Task<List<string>> HostsOfCallers(BalancedClient client)
    {
        var hosts = new List<string>();
        for (var caller = 0; caller < 60; caller++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Add("X-Caller", $"caller-{caller}");
            request.SetClientIp(AddressOf(caller));
            using var response = await client.Http.SendAsync(request);
            hosts.Add(request.GetEndpoint()!.Address.Host);
        }

        return hosts;
    }

    private static IPAddress AddressOf(int caller) => new([198, 18, (byte)(caller >> 8), (byte)caller]);

    private List<ClusterEndpoint?> PicksOf(EndpointPicker picker, ClusterEndpoint[]? excluded = null) =>
        [.. Enumerable.Range(0, Callers).Select(caller => picker.Pick(new PickContext(_random, $"/orders/{caller}", AddressOf(caller), excluded)))];
}
