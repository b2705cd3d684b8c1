using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Showdown;

namespace ClientSideLb.Tests.Examples;

/// <summary>Runs the example in a process of its own, as a reader would.</summary>
public sealed class ShowdownTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_piped_output_shows_every_strategy_in_plain_lines_and_no_failed_request()
    {
        var (exitCode, text, error) = await RunAsync("--requests", "120", "--backends", "3");

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        Assert.All(StrategyGuide.Names, name => Assert.Contains($"\n{name}: ", text, StringComparison.Ordinal));

        Assert.All(text.Split('\n'), static line => Assert.InRange(line.TrimEnd().Length, 0, 120));

        // On a busy machine there may be more than 120 requests.
        Assert.Equal(StrategyGuide.Names.Count, Regex.Count(text, @" (\d+) of \1 answered, 0 failed"));
        Assert.Equal(StrategyGuide.Names.Count, Regex.Count(text, "backend 3 is killed, (no|[0-9]+) requests? under way there"));
        Assert.Equal(StrategyGuide.Names.Count, Occurrences(text, "backend 3 is started again"));
        Assert.Equal(StrategyGuide.Names.Count, Occurrences(text, "backend 3 is healthy"));
        Assert.All(Runs(text), static run => Assert.Matches("backend 3 is (ejected|unhealthy)", run));

        // A log can show neither colours nor box drawing.
        Assert.DoesNotContain(text, static c => !char.IsAscii(c) || (char.IsControl(c) && c is not ('\r' or '\n')));
    }

    [Theory]
    [InlineData("10", "5")]
    [InlineData("50", "50")]
    public async Task The_piped_output_is_no_wider_than_120_columns_with_many_backends(string backends, string outage)
    {
        var (exitCode, text, _) = await RunAsync(
            "--requests", "60", "--backends", backends, "--outage", outage, "--strategy", LoadBalancingStrategies.ConsistentHash);

        Assert.Equal(0, exitCode);
        Assert.All(text.Split('\n'), static line => Assert.InRange(line.TrimEnd().Length, 0, 120));
        Assert.Contains($"What happened when backend {outage} was out:", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_keys_of_the_killed_backend_move_and_all_of_them_return()
    {
        var (exitCode, text, _) = await RunAsync("--requests", "600", "--strategy", LoadBalancingStrategies.ConsistentHash);

        Assert.Equal(0, exitCode);
        Assert.Matches(@"100 keys: ([1-9]\d*) moved while backend 3 was out, \1 of them its own, and \1 came back", text);
        Assert.Matches("[0-9]+ attempts: [0-9]+ moved; out [0-9]+ ms after the kill, back [0-9]+ ms after the restart", text);
    }

    [Fact]
    public async Task A_backend_that_is_drained_leaves_nothing_to_move()
    {
        var (exitCode, text, _) = await RunAsync("--requests", "120", "--strategy", LoadBalancingStrategies.RoundRobin, "--outage-kind", "drain");

        Assert.Equal(0, exitCode);
        Assert.Contains("backend 3 is draining", text, StringComparison.Ordinal);
        Assert.Contains("backend 3 is idle, and stopped", text, StringComparison.Ordinal);
        Assert.Contains(" attempts: 0 moved;", text, StringComparison.Ordinal);
        Assert.DoesNotContain("killed", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_reports_that_its_port_was_taken_while_it_was_out()
    {
        using var backend = new Backend(number: 3, weight: 1, TimeSpan.FromMilliseconds(1));
        await backend.StartAsync();
        await backend.KillAsync();
        using var other = new TcpListener(IPAddress.Loopback, backend.Address.Port);
        other.Start();

        var failure = await Assert.ThrowsAsync<BackendException>(backend.StartAsync);

        Assert.StartsWith(
            $"Backend 3 cannot be started again: its port {backend.Address.Port} was taken by another program", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_is_killed_answers_nothing_more_and_can_be_started_at_the_same_address()
    {
        using var backend = new Backend(number: 1, weight: 1, TimeSpan.FromMinutes(1));
        using var client = new HttpClient();
        await backend.StartAsync();
        var address = backend.Address;
        Assert.Equal("up", await client.GetStringAsync(new Uri(address, Backend.HealthPath)));

        var underWay = client.GetStringAsync(address);
        await backend.KillAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => underWay);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(address));

        await backend.StartAsync();
        Assert.Equal(address, backend.Address);
        Assert.Equal("up", await client.GetStringAsync(new Uri(address, Backend.HealthPath)));
    }

    [Fact]
    public async Task A_bad_argument_gives_one_line_on_standard_error_and_exit_code_2()
    {
        var (exitCode, text, error) = await RunAsync("--backends", "none");

        Assert.Equal(2, exitCode);
        Assert.Equal("", text);
        Assert.Equal("--backends is 'none'; expected a whole number from 2 to 50.", error.TrimEnd());
    }

    /// <summary>Splits the output into the parts of the strategies, without the introduction and the summary.</summary>
    private static IEnumerable<string> Runs(string text) =>
        text[..text.IndexOf("Where the requests went", StringComparison.Ordinal)].Split("all 3 backends are healthy").Skip(1);

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) =>
        ExampleProcess.RunAsync("Showdown", output, args);
}
