using System.Globalization;
using System.Text.Json;
using ClientSideLb.Simulator.Balancing;
using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.Tool;

/// <summary>Tests the command line from its arguments to its output.</summary>
public sealed class CliTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_scenario_prints_a_row_for_each_of_its_runs()
    {
        var output = await CommandLine.RunAsync("outage", "--duration", "20s", "--backends", "5");

        AssertContains(output, "nothing", "probes", "ejection", "failover", "ejection, failover", "all three", "to detect", "p99.9", "peak in flight");
    }

    [Fact]
    public async Task A_scenario_with_failures_prints_the_attempts_at_the_backends_that_fail()
    {
        AssertContains(await CommandLine.RunAsync("fast-failure", "--duration", "5s"), "PeakEwma", "PowerOfTwoChoices, ejection", "at failing");
        AssertContains(await CommandLine.RunAsync("rejection", "--duration", "20s", "--strategy", "ConsistentHash"), "ConsistentHash, moved", "rejected", "moved");
    }

    [Fact]
    public async Task Columns_that_say_nothing_are_named_in_one_line_with_what_they_would_say()
    {
        var lines = (await CommandLine.RunAsync("distribution", "--duration", "5s", "--strategy", "RoundRobin")).Split(Environment.NewLine);

        var leftOut = Assert.Single(lines, static line => line.StartsWith("Left out", StringComparison.Ordinal));
        Assert.Equal("Left out, as they are the same in every row: errors, away (0 %); at failing, rejected, moved (0); to detect, to return (–)", leftOut.TrimEnd());
        var table = string.Join(Environment.NewLine, lines.Where(static line => line.Contains('│', StringComparison.Ordinal)));
        AssertContains(table, "requests", "p50 ms", "max ÷ mean", "keys moved");
        Assert.DoesNotContain("at failing", table, StringComparison.Ordinal);
        Assert.DoesNotContain("errors", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_one_backend_can_say_is_left_out()
    {
        var output = await CommandLine.RunAsync("limits", "--duration", "3s");

        AssertContains(output, "share (100.0 – 100.0 %)", "max ÷ mean (1.00)");
    }

    [Theory]
    [InlineData("30s")]
    [InlineData("00:00:30")]
    [InlineData("0.5m")]
    [InlineData("30000ms")]
    public async Task A_time_is_given_in_words_or_as_in_the_settings_of_an_application(string time)
    {
        var file = _folder.Write("timed.json", $$"""{ "duration": "{{time}}", "warmUp": "00:00:01.5", "backends": [ { "count": 3, "service": { "kind": "constant", "mean": "00:00:00.005" } } ], "clients": { "arrivals": { "kind": "poisson", "rate": 10 } } }""");

        AssertContains(await CommandLine.RunAsync("distribution", "--duration", time, "--load", "0.01", "--strategy", "Random"), "--duration 30s");
        AssertContains(await CommandLine.RunAsync("run", file), "30s of which the first 1500ms are not measured", "5.5");
    }

    [Fact]
    public async Task A_scenario_with_zones_prints_and_writes_what_each_zone_gets()
    {
        var output = await CommandLine.RunAsync("zone-outage", "--duration", "8s", "--fault", "error", "--out", _folder.FullName);

        AssertContains(output, "zone, while backends fail", "to other zones", "each backend gets", "spill-over, a", "without zones, b", "own zone only, c", _folder.PathOf("latency-in-zone-a.svg"));
        Assert.Equal(1 + (3 * 3 * 2), (await File.ReadAllLinesAsync(_folder.PathOf("zones.csv"), TestContext.Current.CancellationToken)).Length);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.PathOf("result.json"), TestContext.Current.CancellationToken));
        var zones = json.RootElement.GetProperty("runs")[2].GetProperty("zones");
        Assert.Equal(["a", "b", "c"], zones.EnumerateArray().Select(static zone => zone.GetProperty("zone").GetString()));
        var failing = zones[0].GetProperty("clientsWhileFailing");
        var requests = failing.GetProperty("requests").GetInt64();
        Assert.InRange(failing.GetProperty("failures").GetInt64(), 0.99 * requests, requests);
        Assert.DoesNotContain("zones", await CommandLine.RunAsync("outage", "--duration", "5s"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strategy_of_the_command_line_applies_to_every_group_of_a_file()
    {
        var path = _folder.Write("groups.json", """{ "duration": "6s", "backends": [ { "count": 3 } ], "clients": [ { "balancer": { "strategy": "Random" } }, { "balancer": { "strategy": "Maglev" } } ] }""");

        AssertContains(await CommandLine.RunAsync("run", path), "Random, Maglev");
        var output = await CommandLine.RunAsync("run", path, "--strategy", "RoundRobin", "--out", _folder.FullName);

        AssertContains(output, "RoundRobin");
        AssertContains(await File.ReadAllTextAsync(_folder.PathOf("runs.csv"), TestContext.Current.CancellationToken), "RoundRobin,RoundRobin,");
    }

    [Fact]
    public async Task All_strategies_are_compared_in_one_table()
    {
        var output = await CommandLine.RunAsync("distribution", "-s", "all", "-d", "5s");

        AssertContains(output, [.. BuiltInStrategies.Names]);
    }

    [Fact]
    public async Task The_files_contain_the_results_of_the_table()
    {
        var folder = new DirectoryInfo(_folder.PathOf("new"));
        var output = await CommandLine.RunAsync("slow-backend", "-d", "8s", "--out", folder.FullName);

        AssertContains(output, [.. folder.GetFiles().Select(static file => file.FullName)]);
        using var json = JsonDocument.Parse(Read("result.json"));
        var runs = json.RootElement.GetProperty("runs");
        var rows = Encode(Read("runs.csv")).TrimEnd().Split('\n');
        Assert.Equal(runs.GetArrayLength(), rows.Length - 1);
        Assert.Equal(runs[0].GetProperty("requests").GetInt64().ToString(CultureInfo.InvariantCulture), rows[1].Split(',')[2]);
        Assert.Contains("\"RoundRobin, ejection\"", rows[^2], StringComparison.Ordinal);
        foreach (var plot in (string[])["latency-over-time", "latency-distribution", "load-roundrobin", "load-poweroftwochoices-ejection"])
        {
            Assert.Equal("lbsim slow-backend --backends 10 --clients 1 --load 0.5 --duration 8s --seed 1", new SvgDrawing(Encode(Read($"{plot}.svg"))).Texts[1].Text);
        }

        byte[] Read(string name) => File.ReadAllBytes(Path.Combine(folder.FullName, name));

        static string Encode(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
    }

    [Fact]
    public async Task A_scenario_is_run_from_its_file()
    {
        var path = _folder.Write("mine.json", """{ "duration": "10s", "backends": [ { "count": 3 } ], "clients": { "balancer": { "strategy": "Random" } } }""");

        var output = await CommandLine.RunAsync("run", path);

        AssertContains(output, "Random");
        Assert.DoesNotContain("RoundRobin", output, StringComparison.Ordinal);
        AssertContains(await CommandLine.RunAsync("run", path, "--strategy", "all"), "LeastConnections");
    }

    [Theory]
    [InlineData("\"name\": \"mine\", \"description\": \"What [three] do.\",", "mine: What [three] do.")]
    [InlineData("\"name\": \"mine\",", "mine")]
    [InlineData("\"description\": \"What three do.\",", "the-file: What three do.")]
    [InlineData("", "the-file")]
    public async Task The_first_line_has_the_name_and_the_description_of_a_file(string properties, string expected)
    {
        var path = _folder.Write("the-file.json", $$"""{ {{properties}} "duration": "6s", "backends": [ { "count": 3 } ] }""");

        Assert.Equal(expected, GetFirstLine(await CommandLine.RunAsync("run", path)));
    }

    [Fact]
    public async Task The_first_line_has_the_name_and_the_summary_of_a_scenario()
    {
        var output = await CommandLine.RunAsync("distribution", "-s", "Random", "-d", "5s");

        Assert.Equal($"distribution: {KnownScenarios.Get("distribution").Summary}", GetFirstLine(output));
    }

    [Fact]
    public async Task A_command_prints_the_schema() => Assert.Equal(ScenarioFile.Schema, await CommandLine.RunAsync("schema"));

    [Theory]
    [InlineData("The strategy is 'Fastest'; expected one of RoundRobin", "distribution", "--strategy", "Fastest")]
    [InlineData("The load is 0; expected above 0", "distribution", "--load", "0")]
    [InlineData("The number of backends is 1; expected from 2 to 10000.", "distribution", "--backends", "1")]
    [InlineData("The fault is Slow; expected refuse, hang or error.", "outage", "--fault", "slow")]
    [InlineData("none.json", "run", "none.json")]
    [InlineData("--load is 'much'; expected a number such as 0.8.", "distribution", "--load", "much")]
    [InlineData("--duration is 'long'; expected a time such as 90s, 5m or 00:01:30.", "distribution", "--duration", "long")]
    [InlineData("--fault is 'dead'; expected refuse, hang or error.", "outage", "--fault", "dead")]
    [InlineData("Unrecognized command or argument 'nonsense'.", "nonsense")]
    public async Task A_wrong_argument_is_explained_and_the_exit_code_is_1(string expected, params string[] arguments)
    {
        var (code, _, error) = await CommandLine.InvokeAsync(arguments, TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        AssertContains(error, expected);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_created_is_reported_before_the_run()
    {
        var file = _folder.Write("file", "");

        var (code, output, error) = await CommandLine.InvokeAsync(["distribution", "--out", file], TestContext.Current.CancellationToken);

        Assert.Equal((1, ""), (code, output));
        AssertContains(error, file);
    }

    [Fact]
    public async Task A_run_can_be_stopped()
    {
        var (code, _, error) = await CommandLine.InvokeAsync(["distribution", "--duration", "24h"], new CancellationToken(canceled: true));

        Assert.Equal((130, "Stopped."), (code, error.Trim()));
    }

    [Fact]
    public async Task Rebalancing_shows_the_keys_that_moved()
    {
        var output = await CommandLine.RunAsync("rebalancing", "--out", _folder.FullName);

        AssertContains(output, "10 → 9", _folder.PathOf("keys-moved-10-to-9.svg"), _folder.PathOf("ring-size.svg"), _folder.PathOf("keys.csv"));
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertContains(string text, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));

    private static string GetFirstLine(string output) => output.Split(Environment.NewLine)[0].TrimEnd();
}
