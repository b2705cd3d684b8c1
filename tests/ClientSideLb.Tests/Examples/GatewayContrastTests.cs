using System.Text.RegularExpressions;

namespace ClientSideLb.Tests.Examples;

public sealed class GatewayContrastTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_piped_output_shows_both_ways_side_by_side_in_plain_lines_of_80_columns()
    {
        var (exitCode, text, error) = await ExampleProcess.RunAsync("GatewayContrast", output, "--seconds", "2");

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        Assert.Matches("One request at a time +in the client +through YARP +the hop", text);
        Assert.Matches("32 requests at once +in the client +through YARP +the hop", text);

        // Both ways have requests and processor time. Only one of them has a gateway.
        Assert.Equal(2, Regex.Count(text, @"requests a second +[1-9][0-9,]* +[1-9][0-9,]* +x [0-9.]+"));
        Assert.Equal(2, Regex.Count(text, @"of the client +[0-9]+\.[0-9]+ ms +[0-9]+\.[0-9]+ ms"));
        Assert.Equal(2, Regex.Count(text, @"of the gateway +- +[0-9]+\.[0-9]+ ms"));
        Assert.Contains("A gateway is good for", text, StringComparison.Ordinal);

        Assert.All(text.Split('\n'), static line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        Assert.DoesNotContain(text, static c => !char.IsAscii(c) || (char.IsControl(c) && c is not ('\r' or '\n')));
    }

    [Fact]
    public async Task A_bad_argument_gives_one_line_on_standard_error_and_exit_code_2()
    {
        var (exitCode, text, error) = await ExampleProcess.RunAsync("GatewayContrast", output, "--seconds", "soon");

        Assert.Equal(2, exitCode);
        Assert.Equal("", text);
        Assert.Equal("--seconds is 'soon'; expected a whole number from 2 to 600.", error.TrimEnd());
    }
}
