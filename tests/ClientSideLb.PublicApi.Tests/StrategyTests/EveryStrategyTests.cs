using System.Net;

namespace ClientSideLb.PublicApi.Tests.StrategyTests;

/// <summary>Rules that hold for every strategy.</summary>
public sealed class EveryStrategyTests
{
    private readonly Random _random = new(1);

    public static TheoryData<string> Names => StrategyCatalog.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pick_is_always_available_and_not_excluded_or_there_is_none(string name)
    {
        const int All = 0b1111;
        var endpoints = Endpoints.Weighted(1, 2, 1, 3);
        for (var availableMask = 1; availableMask <= All; availableMask++)
        {
            var available = Masked(endpoints, availableMask);
            var picker = StrategyCatalog.ByName[name].CreatePicker(Endpoints.SetOf(endpoints, available));
            for (var excludedMask = 0; excludedMask <= All; excludedMask++)
            {
                var excluded = Masked(endpoints, excludedMask);
                ClusterEndpoint[] permitted = [.. available.Except(excluded)];
                for (var caller = 0; caller < 8; caller++)
                {
                    var pick = picker.Pick(ContextOf(caller, excluded));
                    Assert.True(
                        permitted.Length == 0 ? pick is null : permitted.Contains(pick),
                        $"Available {availableMask:b}, excluded {excludedMask:b}: picked {pick?.ToString() ?? "none"}.");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Equal_endpoints_get_about_equal_shares(string name)
    {
        var endpoints = Endpoints.Equal(5);
        var picker = StrategyCatalog.ByName[name].CreatePicker(Endpoints.SetOf(endpoints));

        var counts = new int[endpoints.Length];
        for (var caller = 0; caller < 10_000; caller++)
        {
            counts[Array.IndexOf(endpoints, picker.Pick(ContextOf(caller)))]++;
        }

        // With a hundred points each, the shares on a hash ring differ by a tenth or two.
        Assert.All(counts, static count => Assert.InRange(count, 1_000, 3_000));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pick_from_a_default_context_does_not_throw(string name)
    {
        var endpoints = Endpoints.Equal(3);
        var picker = StrategyCatalog.ByName[name].CreatePicker(Endpoints.SetOf(endpoints));

        Assert.Contains(picker.Pick(default), endpoints);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pick_allocates_nothing(string name)
    {
        const int Picks = 5_000;
        var endpoints = Endpoints.Weighted(3, 1, 2, 1);
        var picker = StrategyCatalog.ByName[name].CreatePicker(Endpoints.SetOf(endpoints, endpoints[1..]));
        var context = ContextOf(caller: 7);
        var contextOfRetry = ContextOf(caller: 7, endpoints[2..3]);

        long Measure()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Picks; i++)
            {
                picker.Pick(in context);
                picker.Pick(in contextOfRetry);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Measure();
        Assert.InRange(Measure(), 0, Picks);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Many_threads_can_pick_and_report_at_the_same_time(string name)
    {
        var endpoints = Endpoints.Weighted(1, 2, 1);
        var picker = StrategyCatalog.ByName[name].CreatePicker(new EndpointSet(endpoints, endpoints, new Random()));

        Parallel.For(0, 8, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 2_000; i++)
            {
                var pick = picker.Pick(new PickContext(random, $"key-{i}", new IPAddress([10, 0, 0, (byte)i])));
                Assert.Contains(pick, endpoints);
                picker.OnAttemptEnded(new AttemptResult { Endpoint = pick!, Request = null!, Verdict = AttemptVerdict.Success });
            }
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_client_that_asks_for_it_by_name_gets_answers_although_one_backend_fails(string name)
    {
        using var client = new BalancedClient(
            StrategyCatalog.ByName[name],
            ["http://a", "http://b", "http://failing"],
            static (request, _) => StubHandler.Answer(request.RequestUri!.Host == "failing" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));

        var hosts = await client.SendAsync(100);

        Assert.Equal(name, client.Cluster.Strategy);
        Assert.DoesNotContain("failing", hosts);
    }

    private static ClusterEndpoint[] Masked(ClusterEndpoint[] endpoints, int mask) =>
        [.. endpoints.Where((_, index) => (mask & (1 << index)) != 0)];

    private PickContext ContextOf(int caller, ClusterEndpoint[]? excluded = null) =>
        new(_random, $"/orders/{caller}", new IPAddress([198, 18, (byte)(caller >> 8), (byte)caller]), excluded);
}
