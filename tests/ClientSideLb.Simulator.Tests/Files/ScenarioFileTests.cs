using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.Files;

public sealed class ScenarioFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Faults => new()
    {
        { """{ "backends": [ { "count": 3 } ], "durration": "10s" }""", "(1)", "'durration' is not known here. Known are name, description, seed, duration" },
        { "{\n \"backends\": [\n  { \"conccurrency\": 3 }\n ]\n}", "(3)", "'conccurrency' is not known here. Known are count, weight, zone, priority, concurrency" },
        { "{\n \"duration\": 10,\n \"backends\": [ {} ]\n}", "(2)", "expected a time such as \"10ms\"" },
        { "{\n \"duration\": \"ten seconds\",\n \"backends\": [ {} ]\n}", "(2)", "duration: is 'ten seconds'; expected a time such as \"10ms\"" },
        { "{\n \"backends\": [\n  {},\n  { \"speed\": 0 }\n ]\n}", "(4)", "backends[1].speed is 0; expected above 0." },
        { "{\n \"backends\": [ {} ],\n \"clients\": {\n  \"balancer\": {\n   \"strategy\": \"Fastest\"\n  }\n }\n}", "(5)", "clients.balancer.strategy is 'Fastest'; known strategies are" },
        { "{\n \"backends\": [ {} ],\n \"clients\": {\n  \"balancer\": {\n   \"outlierDetection\": {\n    \"failureRate\": 7 } } } }", "(6)", "clients.balancer.outlierDetection.failureRate is 7" },
        { "{\n \"backends\": [ {} ],\n \"clients\": { \"balancer\": {\n   \"failover\": { \"hedgingDelay\": \"10ms\" } } } }", "(4)", "hedging is not simulated" },
        { "{\n \"backends\": [ { \"count\": 3 } ],\n \"changes\": [\n  { \"at\": \"5s\", \"backends\": \"2-5\", \"change\": \"refuse\" } ]\n}", "(4)", "changes[0].backends names backend 5, but the backends are numbered from 0 to 2." },
        { "{\n \"backends\": [ {} ],\n \"changes\": [ { \"backends\": \"0\", \"change\": \"explode\" } ]\n}", "(3)", "changes[0].change: expected one of refuse, hang, error" },
        { "{\n \"backends\": [ {} ],\n \"changes\": [\n  { \"backends\": \"0\", \"change\": \"error\",\n   \"status\": 404 } ]\n}", "(5)", "changes[0].status is 404; expected a status of a failure: 429, or from 500 to 599." },
        { "{\n \"backends\": [ {} ],\n \"changes\": [\n  { \"backends\": \"0\", \"change\": \"error\",\n   \"probability\": 20 } ]\n}", "(5)", "changes[0].probability is 20; expected above 0, up to 1." },
        { "{\n \"backends\": [\n  { \"rateLimit\": {\n   \"rate\": 0 } } ]\n}", "(4)", "backends[0].rateLimit.rate is 0; expected from 0.001 to 1000000." },
        { "{\n \"backends\": [\n  { \"rateLimit\": { \"rate\": 5,\n   \"burst\": 0 } } ]\n}", "(4)", "backends[0].rateLimit.burst is 0; expected from 1 to 1000000." },
        { "{\n \"backends\": [\n  { \"rateLimit\": { \"rate\": 5,\n   \"retryAfter\": \"1500ms\" } } ]\n}", "(4)", "backends[0].rateLimit.retryAfter is 00:00:01.5000000; expected whole seconds, up to a day. Zero sends no Retry-After." },
        { "{\n \"backends\": [\n  { \"rateLimit\": { \"burst\": 5 } } ]\n}", "(3)", "backends[0].rateLimit: needs 'rate'." },
        { "{\n \"backends\": [ {} ],\n \"changes\": [\n  { \"at\": \"1s\" } ]\n}", "(4)", "changes[0]: needs 'backends', 'change'." },
        { "{\n \"backends\": [\n  { \"rateLimit\": 5 } ]\n}", "(3)", "backends[0].rateLimit: expected an object, { … }." },
        { "{\n \"backends\": [\n  { \"rateLimit\": { \"rate\": 5, \"refill\": 5 } } ]\n}", "(3)", "'refill' is not known here. Known are rate, burst, retryAfter, inMilliseconds." },
        { "{\n \"backends\": [\n  { \"service\": { \"kind\": \"gaussian\" } } ]\n}", "(3)", "backends[0].service: expected { \"kind\": … } with one of constant, exponential" },
        { "{\n \"backends\": [\n  { \"service\": { \"mean\": \"1s\" } } ]\n}", "(3)", "backends[0].service: expected { \"kind\": … } with one of constant, exponential" },
        { "{\n \"backends\": [ {} ],\n \"clients\": { \"arrivals\": { \"rate\": 7 } }\n}", "(3)", "clients.arrivals: expected { \"kind\": … } with one of poisson" },
        { "{\n \"backends\": [\n  { \"count\": \"3\" } ]\n}", "(3)", "backends[0].count: expected a whole number." },
        { "{\n \"backends\": [\n  { \"speed\": \"fast\" } ]\n}", "(3)", "backends[0].speed: expected a number." },
        { "{\n \"backends\": [\n  { \"service\": { \"kind\": \"measured\",\n   \"milliseconds\": [ \"7\" ] } } ]\n}", "(4)", "backends[0].service.milliseconds[0]: expected a number." },
        { "{\n \"backends\": [ {} ],\n \"clients\": { \"idempotent\": \"yes\" } }", "(3)", "clients.idempotent: expected true or false." },
        { "{\n \"backends\": { \"count\": 3 } }", "(2)", "backends: expected a list, [ … ]." },
        { "[ 1, 2 ]", "(1)", "expected an object, { … }." },
        { "", "(1)", "is empty; expected a scenario." },
        { "{\n \"backends\": [\n  { \"service\": { \"kind\": \"pareto\", \"shape\": 1 } } ]\n}", "(3)", "backends[0].service.shape is 1; expected above 1" },
        { "{\n \"backends\": []\n}", "(2)", "backends is empty; expected at least one group." },
        { "{\n \"backends\": [ {} ],\n", "(3)", "Expected" },
        { "{\n \"seed\": 1,\n \"seed\": 2, \"backends\": [ {} ] }", "(3)", "seed" },
        { "{\n \"backends\": [\n  { \"priority\": 128 } ]\n}", "(3)", "backends[0].priority is 128; expected from 0 to 127." },
        { "{\n \"backends\": [\n  { \"zone\": \"\" } ]\n}", "(3)", "backends[0].zone is ''; expected a name. Leave it out for no zone." },
        { "{\n \"backends\": [ {} ],\n \"clients\": []\n}", "(3)", "clients is empty; expected at least one group." },
        { "{\n \"backends\": [ {} ],\n \"clients\": [\n  {},\n  { \"count\": 0 } ]\n}", "(5)", "clients[1].count is 0; expected from 1 to 100000." },
        { "{\n \"backends\": [ {} ],\n \"clients\": [\n  { \"timeout\": \"0s\" } ]\n}", "(4)", "clients[0].timeout is 00:00:00" },
        { "{\n \"backends\": [ {} ],\n \"clients\": {\n  \"timeout\": \"0s\" }\n}", "(4)", "clients.timeout is 00:00:00" },
        { "{\n \"backends\": [ {} ],\n \"clients\": [\n  { \"arrivals\": { \"rate\": 7 } } ]\n}", "(4)", "clients[0].arrivals: expected { \"kind\": … } with one of poisson" },
        { "{\n \"backends\": [ {} ],\n \"clients\": [\n  { \"zones\": \"a\" } ]\n}", "(4)", "'zones' is not known here. Known are count, zone, backends" },
        { "{\n \"backends\": [ {} ],\n \"clients\": 5\n}", "(3)", "clients: expected an object, { … }." },
        { "{\n \"backends\": [ {} ],\n \"clients\": {\n  \"backends\": \"0-1\" }\n}", "(4)", "clients.backends names backend 1, but the backends are numbered from 0 to 0." },
        { "{\n \"backends\": [ {} ],\n \"clients\": {\n  \"balancer\": {\n   \"zone\": \"a\" } } }", "(5)", "clients.balancer.zone is 'a', but the clients are in no zone; expected the same as their zone." },
        { "{\n \"backends\": [ {} ],\n \"clients\": { \"zone\": \"b\",\n  \"balancer\": {\n   \"zone\": \"a\" } } }", "(5)", "clients.balancer.zone is 'a'; expected 'b', the zone of the clients." },
        { "{\n \"crossZoneRoundTrip\": \"1us\",\n \"backends\": [ { \"zone\": \"a\" } ],\n \"clients\": { \"zone\": \"a\" } }", "(2)", "crossZoneRoundTrip is 00:00:00.0000010; expected from the roundTrip, 00:00:00.0005000, to 00:00:10." },
        { "{\n \"crossZoneRoundTrip\": \"11s\",\n \"backends\": [ { \"zone\": \"a\" } ],\n \"clients\": { \"zone\": \"a\" } }", "(2)", "crossZoneRoundTrip is 00:00:11" },
        { "{\n \"crossZoneRoundTrip\": \"10ms\",\n \"backends\": [ { \"zone\": \"a\" } ] }", "(2)", "crossZoneRoundTrip is set, but no clients have a zone." },
        { "{\n \"crossZoneRoundTrip\": \"10ms\",\n \"backends\": [ {} ],\n \"clients\": { \"zone\": \"a\" } }", "(2)", "crossZoneRoundTrip is set, but no backends have a zone." },
        { "null", "(1)", "expected a scenario" },
        { "{\n \"clients\": null,\n \"backends\": [ {} ] }", "(2)", "'clients' is null; leave it out" },
    };

    [Theory]
    [InlineData("""{ "name": "mine", "backends": [ {} ] }""", "mine")]
    [InlineData("""{ "Name": "mine", "backends": [ {} ] }""", "mine")]
    [InlineData("""{ "backends": [ {} ] }""", "two-groups")]
    public void A_scenario_without_a_name_has_the_name_of_its_file(string json, string expected)
    {
        Assert.Equal(expected, ScenarioFile.Read(_folder.Write("two-groups.json", json)).Name);
    }

    [Fact]
    public void A_file_describes_a_scenario()
    {
        var scenario = ScenarioFile.Parse("""
            {
              "$schema": "scenario.schema.json",
              "name": "two groups", // a comment
              "seed": 7,
              "duration": "2m",
              "warmUp": "00:00:10",
              "roundTrip": "250us",
              "clients": {
                "count": 3,
                "arrivals": { "rate": 40, "kind": "poisson" },
                "keys": { "count": 50, "skew": 1.1 },
                "timeout": "1.5s",
                "idempotent": false,
                "balancer": {
                  "strategy": "ConsistentHash",
                  "consistentHash": { "pointsPerWeight": 40 },
                  "activeHealthCheck": { "enabled": true, "interval": "5s" },
                  "failover": { "attemptTimeout": "200ms" }
                }
              },
              "backends": [
                { "count": 2, "weight": 3, "service": { "kind": "lognormal", "mean": "20ms", "sigma": 0.5 } },
                { "service": { "kind": "measured", "milliseconds": [1, 2, 3] }, "rateLimit": { "rate": 7.5, "burst": 3, "retryAfter": "2s", "inMilliseconds": true } },
              ],
              "changes": [
                { "at": "30s", "backends": "0,2", "change": "slow", "speed": 0.5 },
                { "at": "40s", "backends": "1", "change": "error", "status": 500, "probability": 0.25 }
              ]
            }
            """);

        Assert.Equal(("two groups", 7, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(10)), (scenario.Name, scenario.Seed, scenario.Duration, scenario.WarmUp));
        Assert.Equal(TimeSpan.FromMicroseconds(250), scenario.RoundTrip);
        Assert.Equal((3, TimeSpan.FromSeconds(1.5), false), (scenario.Clients[0].Count, scenario.Clients[0].Timeout, scenario.Clients[0].Idempotent));
        Assert.Equal(new PoissonArrivals { Rate = 40 }, scenario.Clients[0].Arrivals);
        Assert.Equal(new KeyPopularity { Count = 50, Skew = 1.1 }, scenario.Clients[0].Keys);
        Assert.Equal(40, scenario.Clients[0].Balancer.ConsistentHash.PointsPerWeight);
        Assert.Equal(TimeSpan.FromSeconds(5), scenario.Clients[0].Balancer.ActiveHealthCheck.Interval);
        Assert.Equal(TimeSpan.FromMilliseconds(200), scenario.Clients[0].Balancer.Failover.AttemptTimeout);
        Assert.Equal(new LognormalTime { Mean = TimeSpan.FromMilliseconds(20), Sigma = 0.5 }, scenario.Backends[0].Service);
        Assert.Equal([1, 2, 3], Assert.IsType<MeasuredTime>(scenario.Backends[1].Service).Milliseconds);
        Assert.Null(scenario.Backends[0].RateLimit);
        Assert.Equal(new RateLimit { Rate = 7.5, Burst = 3, RetryAfter = TimeSpan.FromSeconds(2), InMilliseconds = true }, scenario.Backends[1].RateLimit);
        Assert.Equal([ChangeKind.Slow, ChangeKind.Error], scenario.Changes.Select(static change => change.Change));
        Assert.Equal((500, 0.25), (scenario.Changes[1].Status, scenario.Changes[1].Probability));
        Assert.InRange(Simulation.Run(scenario).Requests, 1000, long.MaxValue);
    }

    [Fact]
    public void A_file_describes_zones_priorities_and_several_groups_of_clients()
    {
        var scenario = ScenarioFile.Parse("""
            {
              "roundTrip": "1ms",
              "crossZoneRoundTrip": "10ms",
              "clients": [
                { "count": 2, "zone": "a", "balancer": { "zone": "a", "overprovisioningFactor": 1.2 } },
                { "zone": "b", "backends": "1-2", "arrivals": { "kind": "bursts" } },
              ],
              "backends": [ { "zone": "a" }, { "count": 2, "zone": "b", "priority": 1 } ]
            }
            """);

        Assert.Equal(TimeSpan.FromMilliseconds(10), scenario.CrossZoneRoundTrip);
        Assert.Equal([(2, "a", "all"), (1, "b", "1-2")], scenario.Clients.Select(static group => (group.Count, group.Zone, group.Backends)));
        Assert.Equal(("a", 1.2), (scenario.Clients[0].Balancer.Zone, scenario.Clients[0].Balancer.OverprovisioningFactor));
        Assert.Null(scenario.Clients[1].Balancer.Zone);
        Assert.IsType<BurstArrivals>(scenario.Clients[1].Arrivals);
        Assert.Equal([("a", 0), ("b", 1)], scenario.Backends.Select(static group => (group.Zone!, group.Priority)));
    }

    [Theory]
    [InlineData("""{ "clients": { "count": 3 }, "backends": [ {} ] }""")]
    [InlineData("""{ "Clients": { "count": 3 }, "backends": [ {} ] }""")]
    [InlineData("""{ "backends": [ {} ], "CLIENTS": [ { "count": 3 } ] }""")]
    [InlineData("""{ "backends": [ {} ], /* "clients": {} */ "clients": [ { "count": 3 } ] }""")]
    public void A_single_group_of_clients_may_stand_in_a_list_or_not(string json) =>
        Assert.Equal(3, Assert.Single(ScenarioFile.Parse(json).Clients).Count);

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_message_has_the_line_of_a_fault_and_the_expected_value(string json, string line, string what)
    {
        var failure = Assert.Throws<ScenarioException>(() => ScenarioFile.Parse(json, "my.json"));

        Assert.StartsWith($"my.json{line}: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(what, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ClientSideLb.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_has_all_faults_at_once()
    {
        var failure = Assert.Throws<ScenarioException>(() => ScenarioFile.Parse("{\n \"roundTrip\": \"1h\",\n \"backends\": [\n  { \"count\": 0,\n    \"concurrency\": 0 } ] }"));

        Assert.Equal(["scenario(2)", "scenario(4)", "scenario(5)"], failure.Message.Split(Environment.NewLine).Select(static line => line.Split(':')[0]));
    }

    [Fact]
    public void Measured_times_are_read_from_a_file_beside_the_scenario()
    {
        _folder.Write("times.txt", "12.5\n\n7\n");
        var path = _folder.Write("scenario.json", """{ "backends": [ { "service": { "kind": "measured", "file": "times.txt" } } ] }""");

        var service = Assert.IsType<MeasuredTime>(Assert.Single(ScenarioFile.Read(path).Backends).Service);

        Assert.Equal([12.5, 7], service.Milliseconds);
    }

    [Theory]
    [InlineData("12\nfast\n", "its line 2 is 'fast'; expected a time in milliseconds, above 0.")]
    [InlineData(null, "times.txt")]
    public void A_message_about_measured_times_has_the_line_that_names_their_file(string? times, string what)
    {
        if (times is not null)
        {
            _folder.Write("times.txt", times);
        }

        var path = _folder.Write("scenario.json", "{ \"backends\": [\n { \"service\": { \"kind\": \"measured\",\n  \"file\": \"times.txt\" } } ] }");

        var failure = Assert.Throws<ScenarioException>(() => ScenarioFile.Read(path));
        Assert.Contains("scenario.json(3): backends[0].service.file is 'times.txt'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(what, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_names_a_file_that_does_not_exist()
    {
        var failure = Assert.Throws<ScenarioException>(() => ScenarioFile.Read(_folder.PathOf("none.json")));

        Assert.Contains("none.json", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
