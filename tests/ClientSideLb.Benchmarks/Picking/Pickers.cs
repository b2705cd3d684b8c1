using System.Globalization;

namespace ClientSideLb.Benchmarks.Picking;

/// <summary>Makes pickers as a cluster makes them.</summary>
internal static class Pickers
{
    private static readonly HttpRequestMessage Request = new();
    private static readonly HttpResponseMessage Response = new();

    internal static EndpointPicker Create(string strategy, int count, Random random)
    {
        var endpoints = Endpoints(count);
        foreach (var endpoint in endpoints)
        {
            for (var i = InFlightOf(random); i > 0; i--)
            {
                endpoint.AddInFlight();
            }
        }

        var picker = Strategies.Of(strategy).CreatePicker(new EndpointSet(endpoints, endpoints, random));
        foreach (var endpoint in endpoints)
        {
            // A picker that learns has heard of all endpoints, as after the first moments of a client.
            picker.OnAttemptEnded(AnswerOf(endpoint, TimeSpan.FromMilliseconds(random.Next(5, 50))));
        }

        return picker;
    }

    internal static AttemptResult AnswerOf(ClusterEndpoint endpoint, TimeSpan duration) => new()
    {
        Endpoint = endpoint,
        Request = Request,
        Response = Response,
        Verdict = AttemptVerdict.Success,
        Duration = duration,
    };

    /// <summary>Draws how many requests an endpoint has in flight: some at least, for with idle ones among them who looks for the least loaded could stop early.</summary>
    internal static int InFlightOf(Random random) => random.Next(1, 8);

    internal static ClusterEndpoint[] Endpoints(int count)
    {
        var table = new InFlightTable();
        return [.. Enumerable.Range(0, count).Select(i => new ClusterEndpoint(new EndpointDescription(AddressOf(i)), table.Take(count)))];
    }

    internal static EndpointAddress AddressOf(int i) =>
        new(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:8080/")));
}
