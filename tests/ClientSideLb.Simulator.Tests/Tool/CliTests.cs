using System.Text.Json;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Tool;

/// <summary>The command line, as its user meets it.</summary>
public sealed class CliTests : IDisposable
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lbsim-");

    [Fact]
    public async Task A_scenario_prints_a_row_for_each_of_its_runs()
    {
        var (code, output, error) = await RunAsync("outage", "--duration", "20s", "--backends", "5");

        Assert.Equal((0, ""), (code, error));
        foreach (var label in (string[])["nothing", "probes", "ejection", "failover", "ejection, failover", "all three", "to detect", "p99.9", "peak in flight", "keys moved"])
        {
            Assert.Contains(label, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task All_strategies_are_compared_in_one_table()
    {
        var (code, output, _) = await RunAsync("distribution", "-s", "all", "-d", "5s");

        Assert.Equal(0, code);
        Assert.All(ProductionStrategies.Names, name => Assert.Contains(name, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_hold_what_the_table_shows()
    {
        var (code, output, _) = await RunAsync("slow-backend", "-d", "8s", "--out", Path.Combine(_folder.FullName, "new"));

        Assert.Equal(0, code);
        var files = Directory.GetFiles(Path.Combine(_folder.FullName, "new"));
        Assert.All(files, file => Assert.Contains(file, output, StringComparison.Ordinal));

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Single("result.json"), TestContext.Current.CancellationToken));
        var runs = json.RootElement.GetProperty("runs");
        var rows = await File.ReadAllLinesAsync(Single("runs.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(runs.GetArrayLength(), rows.Length - 1);
        Assert.Equal(runs[0].GetProperty("requests").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture), rows[1].Split(',')[2]);
        Assert.Contains("\"RoundRobin, ejection\"", rows[^2], StringComparison.Ordinal);

        foreach (var plot in (string[])["latency-over-time", "latency-distribution", "load-roundrobin", "load-poweroftwochoices-ejection"])
        {
            Assert.Equal(PngSignature, (await File.ReadAllBytesAsync(Single($"{plot}.png"), TestContext.Current.CancellationToken))[..PngSignature.Length]);
            Assert.Contains("<svg", await File.ReadAllTextAsync(Single($"{plot}.svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        string Single(string name) => Assert.Single(files, file => Path.GetFileName(file) == name);
    }

    [Fact]
    public async Task A_scenario_of_ones_own_is_run_from_its_file()
    {
        var path = Path.Combine(_folder.FullName, "mine.json");
        await File.WriteAllTextAsync(path, """{ "name": "mine", "duration": "10s", "backends": [ { "count": 3 } ], "clients": { "balancer": { "strategy": "Random" } } }""", TestContext.Current.CancellationToken);

        var (code, output, _) = await RunAsync("run", path);
        var (codeOfAll, outputOfAll, _) = await RunAsync("run", path, "--strategy", "all");

        Assert.Equal((0, 0), (code, codeOfAll));
        Assert.Contains("Random", output, StringComparison.Ordinal);
        Assert.DoesNotContain("RoundRobin", output, StringComparison.Ordinal);
        Assert.Contains("LeastConnections", outputOfAll, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"name\": \"mine\", \"description\": \"What [three] do.\",", "mine: What [three] do.")]
    [InlineData("\"name\": \"mine\",", "mine")]
    [InlineData("\"description\": \"What three do.\",", "the-file: What three do.")]
    [InlineData("", "the-file")]
    public async Task Above_the_table_of_a_file_stands_what_it_is_called_and_shows(string properties, string expected)
    {
        var path = Path.Combine(_folder.FullName, "the-file.json");
        await File.WriteAllTextAsync(path, $$"""{ {{properties}} "duration": "6s", "backends": [ { "count": 3 } ] }""", TestContext.Current.CancellationToken);

        var (_, output, error) = await RunAsync("run", path);

        Assert.Equal("", error);
        Assert.Equal(expected, output.Split(Environment.NewLine)[0].TrimEnd());
    }

    [Fact]
    public async Task Above_the_table_of_a_scenario_stands_what_it_is_called_and_shows()
    {
        Assert.True(ScenarioCatalog.TryGet("distribution", out var scenario));

        var (_, output, _) = await RunAsync("distribution", "-s", "Random", "-d", "5s");

        Assert.Equal($"distribution: {scenario.Summary}", output.Split(Environment.NewLine)[0].TrimEnd());
    }

    [Fact]
    public async Task The_schema_is_printed()
    {
        var (code, output, _) = await RunAsync("schema");

        Assert.Equal(0, code);
        Assert.Equal(ScenarioFile.Schema, output);
    }

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
    public async Task What_is_wrong_is_said_and_the_exit_code_tells_it(string expected, params string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);

        Assert.Equal(1, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_told_before_the_run()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var (code, output, error) = await RunAsync("distribution", "--out", file);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(file, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_can_be_stopped()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromMilliseconds(200));
        var (output, error) = (new StringWriter(), new StringWriter());

        var code = await Cli.Create(output, error).Parse(["distribution", "--duration", "24h"]).InvokeAsync(cancellationToken: stop.Token);

        Assert.Equal((130, "Stopped."), (code, error.ToString().Trim()));
    }

    [Fact]
    public async Task Rebalancing_shows_the_keys_that_moved()
    {
        var (code, output, _) = await RunAsync("rebalancing", "--out", _folder.FullName);

        Assert.Equal(0, code);
        Assert.Contains("10 → 9", output, StringComparison.Ordinal);
        Assert.Contains(_folder.GetFiles(), static file => file.Name == "keys-moved-10-to-9.svg");
        Assert.Contains(_folder.GetFiles(), static file => file.Name == "ring-size.png");
        Assert.Contains(_folder.GetFiles(), static file => file.Name == "keys.csv");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.Create(output, error).Parse(arguments)
            .InvokeAsync(new System.CommandLine.InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
