using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClientSideLb.Simulator.Balancing;
using ClientSideLb.Simulator.Tests.Support;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Tool;

/// <summary>Tests the command line from its arguments to its output.</summary>
public sealed class CliTests : IDisposable
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_scenario_prints_a_row_for_each_of_its_runs()
    {
        var output = await RunAsync("outage", "--duration", "20s", "--backends", "5");

        AssertContains(output, "nothing", "probes", "ejection", "failover", "ejection, failover", "all three", "to detect", "p99.9", "peak in flight", "keys moved");
    }

    [Fact]
    public async Task A_scenario_with_failures_prints_the_attempts_at_the_backends_that_fail()
    {
        AssertContains(await RunAsync("fast-failure", "--duration", "5s"), "PeakEwma", "PowerOfTwoChoices, ejection", "at failing");
        AssertContains(await RunAsync("rejection", "--duration", "20s", "--strategy", "ConsistentHash"), "ConsistentHash, moved", "rejected", "moved");
        Assert.DoesNotContain("at failing", await RunAsync("distribution", "--duration", "5s"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scenario_with_zones_prints_and_writes_what_each_zone_gets()
    {
        var output = await RunAsync("zone-outage", "--duration", "8s", "--fault", "error", "--out", _folder.FullName);

        AssertContains(output, "zone, while backends fail", "to other zones", "each backend gets", "spill-over, a", "without zones, b", "own zone only, c", _folder.PathOf("latency-in-zone-a.svg"));
        Assert.Equal(1 + (3 * 3 * 2), (await File.ReadAllLinesAsync(_folder.PathOf("zones.csv"), TestContext.Current.CancellationToken)).Length);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.PathOf("result.json"), TestContext.Current.CancellationToken));
        var zones = json.RootElement.GetProperty("runs")[2].GetProperty("zones");
        Assert.Equal(["a", "b", "c"], zones.EnumerateArray().Select(static zone => zone.GetProperty("zone").GetString()));
        var failing = zones[0].GetProperty("clientsWhileFailing");
        var requests = failing.GetProperty("requests").GetInt64();
        Assert.InRange(failing.GetProperty("failures").GetInt64(), 0.99 * requests, requests);
        Assert.DoesNotContain("zones", await RunAsync("outage", "--duration", "5s"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strategy_of_the_command_line_applies_to_every_group_of_a_file()
    {
        var path = _folder.Write("groups.json", """{ "duration": "6s", "backends": [ { "count": 3 } ], "clients": [ { "balancer": { "strategy": "Random" } }, { "balancer": { "strategy": "Maglev" } } ] }""");

        AssertContains(await RunAsync("run", path), "Random, Maglev");
        var output = await RunAsync("run", path, "--strategy", "RoundRobin", "--out", _folder.FullName);

        AssertContains(output, "RoundRobin");
        AssertContains(await File.ReadAllTextAsync(_folder.PathOf("runs.csv"), TestContext.Current.CancellationToken), "RoundRobin,RoundRobin,");
    }

    [Fact]
    public async Task All_strategies_are_compared_in_one_table()
    {
        var output = await RunAsync("distribution", "-s", "all", "-d", "5s");

        AssertContains(output, [.. BuiltInStrategies.Names]);
    }

    [Fact]
    public async Task The_files_contain_the_results_of_the_table()
    {
        var folder = new DirectoryInfo(_folder.PathOf("new"));
        var output = await RunAsync("slow-backend", "-d", "8s", "--out", folder.FullName);

        AssertContains(output, [.. folder.GetFiles().Select(static file => file.FullName)]);
        using var json = JsonDocument.Parse(Read("result.json"));
        var runs = json.RootElement.GetProperty("runs");
        var rows = Encode(Read("runs.csv")).TrimEnd().Split('\n');
        Assert.Equal(runs.GetArrayLength(), rows.Length - 1);
        Assert.Equal(runs[0].GetProperty("requests").GetInt64().ToString(CultureInfo.InvariantCulture), rows[1].Split(',')[2]);
        Assert.Contains("\"RoundRobin, ejection\"", rows[^2], StringComparison.Ordinal);
        foreach (var plot in (string[])["latency-over-time", "latency-distribution", "load-roundrobin", "load-poweroftwochoices-ejection"])
        {
            Assert.Equal(PngSignature, Read($"{plot}.png")[..PngSignature.Length]);
            AssertContains(Encode(Read($"{plot}.svg")), "<svg");
        }

        byte[] Read(string name) => File.ReadAllBytes(Path.Combine(folder.FullName, name));

        static string Encode(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
    }

    [Fact]
    public async Task A_scenario_is_run_from_its_file()
    {
        var path = _folder.Write("mine.json", """{ "duration": "10s", "backends": [ { "count": 3 } ], "clients": { "balancer": { "strategy": "Random" } } }""");

        var output = await RunAsync("run", path);

        AssertContains(output, "Random");
        Assert.DoesNotContain("RoundRobin", output, StringComparison.Ordinal);
        AssertContains(await RunAsync("run", path, "--strategy", "all"), "LeastConnections");
    }

    [Theory]
    [InlineData("\"name\": \"mine\", \"description\": \"What [three] do.\",", "mine: What [three] do.")]
    [InlineData("\"name\": \"mine\",", "mine")]
    [InlineData("\"description\": \"What three do.\",", "the-file: What three do.")]
    [InlineData("", "the-file")]
    public async Task The_first_line_has_the_name_and_the_description_of_a_file(string properties, string expected)
    {
        var path = _folder.Write("the-file.json", $$"""{ {{properties}} "duration": "6s", "backends": [ { "count": 3 } ] }""");

        Assert.Equal(expected, GetFirstLine(await RunAsync("run", path)));
    }

    [Fact]
    public async Task The_first_line_has_the_name_and_the_summary_of_a_scenario()
    {
        var output = await RunAsync("distribution", "-s", "Random", "-d", "5s");

        Assert.Equal($"distribution: {KnownScenarios.Get("distribution").Summary}", GetFirstLine(output));
    }

    [Fact]
    public async Task A_command_prints_the_schema() => Assert.Equal(ScenarioFile.Schema, await RunAsync("schema"));

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
        var (code, _, error) = await InvokeAsync(arguments, TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        AssertContains(error, expected);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_created_is_reported_before_the_run()
    {
        var file = _folder.Write("file", "");

        var (code, output, error) = await InvokeAsync(["distribution", "--out", file], TestContext.Current.CancellationToken);

        Assert.Equal((1, ""), (code, output));
        AssertContains(error, file);
    }

    [Fact]
    public async Task A_run_can_be_stopped()
    {
        var (code, _, error) = await InvokeAsync(["distribution", "--duration", "24h"], new CancellationToken(canceled: true));

        Assert.Equal((130, "Stopped."), (code, error.Trim()));
    }

    [Fact]
    public async Task Rebalancing_shows_the_keys_that_moved()
    {
        var output = await RunAsync("rebalancing", "--out", _folder.FullName);

        AssertContains(output, "10 → 9", _folder.PathOf("keys-moved-10-to-9.svg"), _folder.PathOf("ring-size.png"), _folder.PathOf("keys.csv"));
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertContains(string text, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));

    private static string GetFirstLine(string output) => output.Split(Environment.NewLine)[0].TrimEnd();

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await InvokeAsync(arguments, TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (code, error));
        return output;
    }

    private static async Task<(int Code, string Output, string Error)> InvokeAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.Create(output, error).Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, cancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
