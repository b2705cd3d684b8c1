using System.CommandLine;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Support;

/// <summary>Runs the command line, from its arguments to its output.</summary>
internal static class CommandLine
{
    internal static async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await InvokeAsync(arguments, TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (code, error));
        return output;
    }

    internal static async Task<(int Code, string Output, string Error)> InvokeAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.Create(output, error).Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, cancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
