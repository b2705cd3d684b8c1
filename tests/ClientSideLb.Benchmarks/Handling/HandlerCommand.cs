using ClientSideLb.Benchmarks.Reporting;
using ClientSideLb.Benchmarks.SideBySide;

namespace ClientSideLb.Benchmarks.Handling;

/// <summary>What a request costs above its way through nothing: for this library, service discovery's handler and the standard resilience handler.</summary>
internal static class HandlerCommand
{
    internal const string Name = "handler";

    private const int Rounds = 1_500;

    internal static int Run()
    {
        WarmUp();
        Console.WriteLine(RunHeader.Describe(Peer.ServiceDiscovery, Peer.Resilience));
        foreach (var everNew in new[] { false, true })
        {
            foreach (var body in Enum.GetValues<ResponseBody>())
            {
                Write(everNew, body);
            }
        }

        return ExitCodes.Success;
    }

    // The first comparison of a process would meet code that the compiler has yet to finish with.
    private static void WarmUp()
    {
        using var contenders = new HandlerContenders();
        Comparison.Measure(contenders.Create(everNew: false, ResponseBody.WithHeaders, Enum.GetValues<Pipeline>()), rounds: 1);
    }

    private static string Describe(ResponseBody body) => body switch
    {
        ResponseBody.None => "no body",
        ResponseBody.Plain => "a body of 100 bytes",
        _ => "a body with type and length",
    };

    private static void Write(bool everNew, ResponseBody body)
    {
        using var contenders = new HandlerContenders();
        var measured = contenders.Create(everNew, body, Enum.GetValues<Pipeline>());
        var figures = Comparison.Measure(measured, Rounds);
        var bare = figures[(int)Pipeline.Bare];
        var peer = figures[(int)Pipeline.ServiceDiscovery].Nanoseconds - bare.Nanoseconds;

        var title = $"{(everNew ? "ever-new" : "repeated")} URIs, {Describe(body)}";
        var table = new MarkdownTable(title, "ns above bare", "of service discovery", "bytes above bare");
        for (var i = 1; i < measured.Count; i++)
        {
            var above = figures[i].Nanoseconds - bare.Nanoseconds;
            table.Add(measured[i].Name, $"{above:0}", $"{above / peer:0.00}", $"{figures[i].Bytes - bare.Bytes:0}");
        }

        Console.WriteLine();
        table.WriteTo(Console.Out);
    }
}
