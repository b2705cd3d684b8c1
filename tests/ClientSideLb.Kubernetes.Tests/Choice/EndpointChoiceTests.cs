using System.Text.Json;
using System.Text.Json.Nodes;
using ClientSideLb.Kubernetes.Choice;
using ClientSideLb.Kubernetes.Slices;
using static ClientSideLb.Kubernetes.Tests.Server.Objects;

namespace ClientSideLb.Kubernetes.Tests.Choice;

public sealed class EndpointChoiceTests
{
    private static readonly ClientPlace Nowhere = new(null, null);

    [Fact]
    public void A_pod_that_ends_and_still_serves_drains_while_others_are_ready()
    {
        var found = Choose(Slice("a", [Pod("10.0.0.1"), Pod("10.0.0.2", ready: false, serving: true, terminating: true)]));

        Assert.Equal([("10.0.0.1", false), ("10.0.0.2", true)], found.Select(static one => (one.Host, one.IsDraining)));
    }

    [Fact]
    public void Pods_that_end_and_still_serve_are_used_if_none_is_ready()
    {
        var found = Choose(Slice("a", [Pod("10.0.0.1", ready: false), Pod("10.0.0.2", ready: false, serving: true, terminating: true)]));

        Assert.Equal([("10.0.0.2", false)], found.Select(static one => (one.Host, one.IsDraining)));
    }

    [Fact]
    public void Pods_that_are_not_ready_or_do_not_serve_are_out()
    {
        Assert.Empty(Choose(Slice("a", [Pod("10.0.0.1", ready: false), Pod("10.0.0.2", ready: false, serving: false, terminating: true)])));
    }

    [Fact]
    public void Conditions_that_are_not_known_count_as_good()
    {
        var pod = Pod("10.0.0.1");
        pod.Remove("conditions");
        var empty = Pod("10.0.0.2");
        empty["conditions"] = new JsonObject();

        Assert.Equal([("10.0.0.1", false), ("10.0.0.2", false)], Choose(Slice("a", [pod, empty])).Select(static one => (one.Host, one.IsDraining)));
    }

    [Fact]
    public void A_service_that_publishes_addresses_that_are_not_ready_has_them_used()
    {
        // publishNotReadyAddresses makes "ready" true whatever the pod says.
        var found = Choose(Slice("a", [Pod("10.0.0.1", ready: true, serving: false), Pod("10.0.0.2", ready: true, serving: true, terminating: true)]));

        Assert.Equal([("10.0.0.1", false), ("10.0.0.2", true)], found.Select(static one => (one.Host, one.IsDraining)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_an_endpoint_in_two_slices_the_better_state_counts(bool swapped)
    {
        var slices = new[] { Slice("a", [Pod("10.0.0.1", ready: false)]), Slice("b", [Pod("10.0.0.1")]) };

        Assert.Equal("10.0.0.1", Assert.Single(Choose(swapped ? [slices[1], slices[0]] : slices)).Host);
    }

    [Theory]
    [InlineData(false, "10.0.0.1", "10.0.0.2", "fd00::3")]
    [InlineData(true, "10.0.0.2", "fd00::1", "fd00::3")]
    public void A_pod_with_two_families_is_one_endpoint(bool preferIPv6, params string[] expected)
    {
        var four = Slice("four", [Pod("10.0.0.1", name: "one"), Pod("10.0.0.2", name: "two")]);
        var six = Slice("six", [Pod("fd00::1", name: "one"), Pod("fd00::3", name: "three")], type: "IPv6");

        var found = EndpointChoice.Of([Read(four), Read(six)], Query("http://api"), Nowhere, preferIPv6).Endpoints;

        Assert.Equal(expected, found.Select(static one => one.Host).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ports_may_differ_from_slice_to_slice()
    {
        // A named target port has the number that each pod gives it.
        var found = Choose(Slice("a", [Pod("10.0.0.1")], port: 8080), Slice("b", [Pod("10.0.0.2")], port: 9090));

        Assert.Equal([8080, 9090], found.Select(static one => one.Port));
    }

    [Fact]
    public void Zones_are_carried()
    {
        var found = Choose(Slice("a", [Pod("10.0.0.1", zone: "a"), Pod("10.0.0.2")]));

        Assert.Equal([("a", 0), (null, 0)], found.Select(static one => (one.Zone, one.Priority)));
    }

    [Fact]
    public void Endpoints_hinted_for_the_own_zone_come_first_and_serve_it()
    {
        var slice = Slice("a", [Pod("10.0.0.1", zone: "a", forZones: ["a"]), Pod("10.0.0.2", zone: "b", forZones: ["a", "b"]), Pod("10.0.0.3", zone: "b", forZones: ["b"])]);

        var found = EndpointChoice.Of([Read(slice)], Query("http://api"), new ClientPlace("a", null), preferIPv6: false).Endpoints;

        Assert.Equal([("a", 0), ("a", 0), ("b", 1)], found.Select(static one => (one.Zone, one.Priority)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("c")]
    public void Hints_count_only_where_one_of_them_means_the_own_zone(string? zone)
    {
        var slice = Slice("a", [Pod("10.0.0.1", zone: "a", forZones: ["a"]), Pod("10.0.0.2", zone: "b", forZones: ["b"])]);

        var found = EndpointChoice.Of([Read(slice)], Query("http://api"), new ClientPlace(zone, null), preferIPv6: false).Endpoints;

        Assert.Equal([("a", 0), ("b", 0)], found.Select(static one => (one.Zone, one.Priority)));
    }

    [Fact]
    public void Hints_count_only_if_each_ready_endpoint_has_them()
    {
        var without = Slice("a", [Pod("10.0.0.1", zone: "a", forZones: ["a"]), Pod("10.0.0.2", zone: "b")]);
        var ended = Slice("a", [Pod("10.0.0.1", zone: "a", forZones: ["a"]), Pod("10.0.0.2", zone: "b", forZones: ["b"]), Pod("10.0.0.3", ready: false)]);
        var place = new ClientPlace("a", null);

        Assert.Equal([0, 0], EndpointChoice.Of([Read(without)], Query("http://api"), place, false).Endpoints.Select(static one => one.Priority));
        Assert.Equal([0, 1], EndpointChoice.Of([Read(ended)], Query("http://api"), place, false).Endpoints.Select(static one => one.Priority));
    }

    [Fact]
    public void Hints_for_the_own_node_go_before_those_for_the_own_zone()
    {
        var slice = Slice("a", [Pod("10.0.0.1", zone: "a", forZones: ["a"], forNodes: ["n1"]), Pod("10.0.0.2", zone: "a", forZones: ["a"], forNodes: ["n2"])]);

        var found = EndpointChoice.Of([Read(slice)], Query("http://api"), new ClientPlace("a", "n2"), preferIPv6: false).Endpoints;

        Assert.Equal([1, 0], found.Select(static one => one.Priority));
    }

    private static IReadOnlyList<DiscoveredEndpoint> Choose(params JsonObject[] slices) =>
        EndpointChoice.Of([.. slices.Select(Read)], Query("http://api"), Nowhere, preferIPv6: false).Endpoints;

    private static Slice Read(JsonObject slice) => SliceReader.Read(JsonDocument.Parse(slice.ToJsonString()).RootElement);

    private static PortQuery Query(string text) => Queries.Parse(text);
}
