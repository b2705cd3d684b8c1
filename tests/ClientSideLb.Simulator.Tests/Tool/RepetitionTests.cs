using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClientSideLb.Simulator.Tests.Support;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Tool;

/// <summary>Tests that the results say all that is needed to get the same ones again.</summary>
public sealed class RepetitionTests : IDisposable
{
    private const string Prefix = "To repeat: lbsim ";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Scenarios => [.. ShortScenarios.Names];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_command_of_a_scenario_gives_the_same_results_again(string name)
    {
        var (output, first) = await RunAsync(ShortScenarios.GetArguments(name), "first");
        var command = GetCommand(output);
        var (_, second) = await RunAsync([.. CommandLineParser.SplitCommandLine(command)], "second");

        Assert.Equal(first, second);
        Assert.Equal($"lbsim {command}", (string?)JsonNode.Parse(first)!["command"]);
    }

    [Fact]
    public async Task The_command_repeats_what_was_given()
    {
        var (output, json) = await RunAsync(["zone-outage", "-s", "RoundRobin", "-b", "10", "-c", "4", "-l", "0.45", "--fault", "hang", "-d", "00:00:05.500", "--seed", "7"], "first");

        Assert.Equal("zone-outage --strategy RoundRobin --backends 10 --clients 4 --load 0.45 --fault hang --duration 5500ms --seed 7", GetCommand(output));

        // Each of three zones has as many backends and clients.
        Assert.Contains("12 backends, 6 clients, load 0.45, strategy RoundRobin, fault hang, 5500ms of which the first 917 ms are not measured, seed 7; lbsim ", output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        Assert.Equal("zone-outage", root.GetProperty("scenario").GetString());
        Assert.Equal(KnownScenarios.Get("zone-outage").Summary, root.GetProperty("description").GetString());
        Assert.Equal(ToolVersion.Full, root.GetProperty("version").GetString());
        Assert.Equal("RoundRobin", root.GetProperty("strategy").GetString());
        Assert.Equal(12, root.GetProperty("backends").GetInt32());
        Assert.Equal(6, root.GetProperty("clients").GetInt32());
        Assert.Equal(0.45, root.GetProperty("load").GetDouble());
        Assert.Equal("hang", root.GetProperty("fault").GetString());
        Assert.Equal(5.5, root.GetProperty("duration").GetDouble());
        Assert.Equal(7, root.GetProperty("seed").GetInt32());
        Assert.False(root.TryGetProperty("file", out _));
    }

    [Fact]
    public async Task The_command_of_a_file_gives_the_same_results_again()
    {
        var path = _folder.Write("my \"own\" file.json", """{ "duration": "00:00:06", "warmUp": "1s", "backends": [ { "count": 3 } ], "clients": [ { "arrivals": { "kind": "poisson", "rate": 40 } }, { "arrivals": { "kind": "poisson", "rate": 60 } } ] }""");

        var (output, first) = await RunAsync(["run", path, "--strategy", "all", "--seed", "3"], "first");
        var (_, second) = await RunAsync([.. CommandLineParser.SplitCommandLine(GetCommand(output).Replace("\\\"", "'", StringComparison.Ordinal)).Select(static part => part.Replace('\'', '"'))], "second");

        Assert.Equal(first, second);
        Assert.Contains("3 backends, 2 clients, 100 requests/s, strategy all, 6s of which the first 1s are not measured, seed 3; lbsim ", output, StringComparison.Ordinal);
        var json = JsonNode.Parse(first)!;
        Assert.Equal((path, "100 requests/s", 3), ((string?)json["file"], (string?)json["arrivals"], (int)json["seed"]!));
        Assert.Null(json["load"]);
    }

    [Fact]
    public async Task A_scenario_without_traffic_has_only_its_backends()
    {
        var (output, json) = await RunAsync(["rebalancing", "--backends", "4"], "first");

        Assert.Equal("rebalancing --backends 4", GetCommand(output));
        Assert.Contains($"{Environment.NewLine}4 backends; lbsim {ToolVersion.Short}", output, StringComparison.Ordinal);
        Assert.Equal(["scenario", "description", "version", "command", "backends", "keyMoves"], JsonNode.Parse(json)!.AsObject().Select(static property => property.Key));
    }

    public void Dispose() => _folder.Dispose();

    private static string GetCommand(string output) =>
        Assert.Single(output.Split(Environment.NewLine), static line => line.StartsWith(Prefix, StringComparison.Ordinal))[Prefix.Length..];

    private async Task<(string Output, string Json)> RunAsync(string[] arguments, string folder)
    {
        var path = Path.Combine(_folder.FullName, folder);
        var output = await CommandLine.RunAsync([.. arguments, "--out", path]);
        return (output, await File.ReadAllTextAsync(Path.Combine(path, "result.json"), TestContext.Current.CancellationToken));
    }
}
