using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Tests;

/// <summary>What metrics, traces and the log say about priorities and zones.</summary>
public sealed class LevelTelemetryTests
{
    private const string SpillOver = "SpillOver";
    private const string SpillOverEnded = "SpillOverEnded";

    [Fact]
    public async Task A_measurement_names_the_priority_of_the_endpoint_if_the_cluster_has_several_also_if_it_is_0()
    {
        await using var lab = Lab([0, 1]);
        using var requests = lab.Collect<long>("clientsidelb.requests");
        using var failovers = lab.Collect<long>("clientsidelb.failovers");
        lab.AnswerAt(0, static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));

        await lab.GetAsync();

        Assert.Equal(0, Assert.Single(failovers.GetMeasurementSnapshot()).Tags["clientsidelb.priority"]);
        Assert.Equal(1, Assert.Single(requests.GetMeasurementSnapshot()).Tags["clientsidelb.priority"]);
        Assert.Equal([0, 1], Observe<int>(lab, "clientsidelb.endpoint.available").Select(static one => one.Tags["clientsidelb.priority"]));
        Assert.Equal([0, 1], Observe<int>(lab, "clientsidelb.endpoint.health").Select(static one => one.Tags["clientsidelb.priority"]).Distinct());
    }

    [Fact]
    public async Task A_measurement_names_the_zone_of_the_endpoint_if_it_has_one()
    {
        await using var lab = Lab([0, 0], ["a", null]);
        using var attempts = lab.Collect<double>("clientsidelb.attempt.duration");

        await lab.GetAsync(2);

        Assert.Equal(
            [(TelemetryLab.NameOf(0), "a"), (TelemetryLab.NameOf(1), null)],
            attempts.GetMeasurementSnapshot().Select(static one => ((string)one.Tags["clientsidelb.endpoint"]!, (string?)one.Tags.GetValueOrDefault("clientsidelb.zone"))));
        Assert.All(attempts.GetMeasurementSnapshot(), static one => Assert.DoesNotContain("clientsidelb.priority", one.Tags.Keys));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_cluster_of_one_priority_without_zones_has_neither_attribute_and_no_shares_of_levels(int priority)
    {
        await using var lab = Lab([priority, priority]);
        using var requests = lab.Collect<long>("clientsidelb.requests");

        await lab.GetAsync();

        Assert.Equal(
            ["clientsidelb.client", "clientsidelb.endpoint", "clientsidelb.outcome", "clientsidelb.service"],
            Assert.Single(requests.GetMeasurementSnapshot()).Tags.Keys.Order());
        Assert.All(
            Observe<int>(lab, "clientsidelb.endpoint.available"),
            static one => Assert.Equal(["clientsidelb.client", "clientsidelb.endpoint", "clientsidelb.service"], one.Tags.Keys.Order()));
        Assert.Empty(Observe<double>(lab, "clientsidelb.level.share"));
    }

    [Fact]
    public async Task The_share_of_each_level_is_measured()
    {
        await using var lab = Lab([0, 0, 0, 1], ["a", "a", "b", "b"], zone: "a");
        Assert.Equal([(0, true, 1.0), (0, false, 0.0), (1, false, 0.0)], ObserveShares(lab));

        Drain(lab, 0);

        Assert.Equal([(0, true, 0.7), (0, false, 0.3), (1, false, 0.0)], ObserveShares(lab));
    }

    [Fact]
    public async Task A_strategy_that_has_estimates_but_does_not_learn_shows_them_in_each_level()
    {
        await using var lab = Lab([0, 0, 1], ["a", "b", "b"], zone: "a");
        for (var i = 0; i < 3; i++)
        {
            await lab.GetAsync();
            Drain(lab, i);
        }

        // The picker of a level without an available endpoint is none of the strategy's.
        Enumerable.Range(0, 3).ToList().ForEach(index => Resume(lab, index));

        Assert.Equal(3, Observe<double>(lab, "clientsidelb.endpoint.latency_estimate").Count);
    }

    [Fact]
    public async Task An_activity_names_the_zone_and_the_priority_of_the_last_endpoint_and_forgets_those_of_an_earlier_request()
    {
        using var source = new ActivitySource("ClientSideLb.Tests.Levels");
        using var listener = new ActivityListener
        {
            ShouldListenTo = asked => asked == source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        await using var lab = Lab([0, 1], ["a", null]);
        using var activity = source.StartActivity("request")!;

        await lab.GetAsync();
        Assert.Equal(("a", 0), (activity.GetTagItem("clientsidelb.zone"), activity.GetTagItem("clientsidelb.priority")));

        Drain(lab, 0);
        await lab.GetAsync();
        Assert.Equal((null, 1), (activity.GetTagItem("clientsidelb.zone"), activity.GetTagItem("clientsidelb.priority")));
        Assert.DoesNotContain("clientsidelb.zone", activity.TagObjects.Select(static tag => tag.Key));
    }

    [Fact]
    public async Task The_log_says_when_the_first_level_leaves_requests_to_the_next_and_when_it_no_longer_does()
    {
        await using var lab = Lab([0, 0, 0, 0, 1, 1]);

        Drain(lab, 0);
        Assert.Empty(Lines(lab));
        Drain(lab, 1);
        Drain(lab, 2);
        Resume(lab, 2);
        Resume(lab, 1);
        Resume(lab, 0);

        Assert.Equal(
            [
                (SpillOver, "requests go to priority 0 (70 %) and priority 1 (30 %), because 2 of 4 endpoints of priority 0 are available."),
                (SpillOver, "requests go to priority 0 (35 %) and priority 1 (65 %), because 1 of 4 endpoints of priority 0 are available."),
                (SpillOver, "requests go to priority 0 (70 %) and priority 1 (30 %), because 2 of 4 endpoints of priority 0 are available."),
                (SpillOverEnded, "all requests go to priority 0 again, 3 of 4 endpoints are available there."),
            ],
            Lines(lab));
    }

    [Fact]
    public async Task The_log_says_nothing_about_a_change_that_leaves_the_shares_the_same()
    {
        await using var lab = Lab([0, 0, 1, 1, 1, 1]);
        Drain(lab, 0);
        Assert.Single(Lines(lab));

        Drain(lab, 2);
        Resume(lab, 2);

        Assert.Single(Lines(lab));
    }

    [Fact]
    public async Task The_log_names_levels_by_their_zone_where_zones_divide_a_priority()
    {
        await using var lab = Lab([0, 0, 0], ["a", "a", "b"], zone: "a");
        Drain(lab, 0);
        Drain(lab, 1);
        Resume(lab, 0);
        Resume(lab, 1);

        Assert.Equal(
            [
                "requests go to the own zone (70 %) and other zones (30 %), because 1 of 2 endpoints of the own zone are available.",
                "requests go to other zones (100 %), because 0 of 2 endpoints of the own zone are available.",
                "requests go to the own zone (70 %) and other zones (30 %), because 1 of 2 endpoints of the own zone are available.",
                "all requests go to the own zone again, 2 of 2 endpoints are available there.",
            ],
            Lines(lab).Select(static line => line.Text));
    }

    [Fact]
    public async Task The_log_lists_each_level_that_leaves_something()
    {
        await using var lab = Lab([0, 0, 0, 0, 0, 1], ["a", "a", "b", "b", "b", "b"], zone: "a");
        Drain(lab, 0);
        Drain(lab, 2);
        Drain(lab, 3);
        Drain(lab, 1);

        Assert.Equal(
            "requests go to priority 0 in other zones (46 %) and priority 1 (54 %), because 0 of 2 endpoints of priority 0 in the own zone and "
            + "1 of 3 endpoints of priority 0 in other zones are available.",
            Lines(lab)[^1].Text);
    }

    [Fact]
    public async Task The_log_says_nothing_of_levels_in_a_cluster_of_one()
    {
        await using var lab = Lab([0, 0, 0]);
        Drain(lab, 0);
        Drain(lab, 1);
        Resume(lab, 0);

        Assert.Empty(Lines(lab));
    }

    [Fact]
    public void A_reload_that_takes_the_other_levels_away_ends_the_spill_over_and_one_that_adds_a_level_is_no_change()
    {
        var listener = new LevelListener();
        var lab = new ClusterLab(0);
        lab.Cluster.Subscribe(listener);
        lab.Cluster.Update([Described(0, 0), Described(1, 0)]);
        lab.Cluster.Update([Described(0, 0), Described(1, 0), Described(2, 1)]);
        Assert.Empty(listener.Shares);

        Assert.True(lab.Cluster.TryDrain(Backends.AddressOf(0)));
        Assert.Equal([0.7, 0.3], Assert.Single(listener.Shares));
        lab.Cluster.Update([Described(0, 0), Described(1, 0)]);
        Assert.Equal([1.0], listener.Shares[^1]);
        lab.Cluster.Update([]);

        Assert.Equal(2, listener.Shares.Count);
    }

    private static TelemetryLab Lab(int[] priorities, string?[]? zones = null, string? zone = null) => new(
        priorities.Length,
        options =>
        {
            options.Zone = zone;
            foreach (var (index, endpoint) in options.Endpoints.Index())
            {
                endpoint.Priority = priorities[index];
                endpoint.Zone = zones?[index];
            }
        },
        static services => services.AddLogging(static logging => logging.AddFakeLogging()));

    private static EndpointDescription Described(int index, int priority) => new(new EndpointAddress(Backends.AddressOf(index)), Priority: priority);

    private static void Drain(TelemetryLab lab, int index) => Assert.True(lab.Cluster.TryDrain(Backends.AddressOf(index)));

    private static void Resume(TelemetryLab lab, int index) => Assert.True(lab.Cluster.TryResume(Backends.AddressOf(index)));

    private static IReadOnlyList<CollectedMeasurement<T>> Observe<T>(TelemetryLab lab, string instrument)
        where T : struct
    {
        using var collector = lab.Collect<T>(instrument);
        collector.RecordObservableInstruments();
        return collector.GetMeasurementSnapshot();
    }

    private static IEnumerable<(int Priority, bool IsLocal, double Share)> ObserveShares(TelemetryLab lab) => Observe<double>(lab, "clientsidelb.level.share")
        .Select(static one => ((int)one.Tags["clientsidelb.priority"]!, (bool)one.Tags["clientsidelb.local"]!, one.Value));

    // What the lines say after the names of the client and the service.
    private static List<(string? Name, string Text)> Lines(TelemetryLab lab) =>
    [
        .. lab.Services.GetFakeLogCollector().GetSnapshot()
            .Where(static line => line.Id.Name is SpillOver or SpillOverEnded)
            .Select(static line => (line.Id.Name, line.Message[(line.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..])),
    ];

    private sealed class LevelListener : IClusterListener
    {
        internal List<double[]> Shares { get; } = [];

        public void OnLevelsChanged(Cluster cluster, IReadOnlyList<ClusterLevel> levels) => Shares.Add([.. levels.Select(static level => level.Share)]);
    }
}
