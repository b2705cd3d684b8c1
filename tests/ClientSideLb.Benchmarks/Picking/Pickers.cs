using System.Globalization;

namespace ClientSideLb.Benchmarks.Picking;

/// <summary>Makes pickers as a cluster makes them.</summary>
internal static class Pickers
{
    private static readonly HttpRequestMessage Request = new();
    private static readonly HttpResponseMessage Response = new();

    internal static EndpointPicker Create(string strategy, int count, Random random)
    {
        var endpoints = LoadedEndpoints(count, levels: 1, random);
        return Teach(Strategies.Of(strategy).CreatePicker(new EndpointSet(endpoints, endpoints, random)), endpoints, random);
    }

    /// <summary>Makes the picker of a cluster in which one endpoint of four is available, so that each of three levels serves a part of the requests.</summary>
    internal static EndpointPicker CreateInLevels(string strategy, int count, int levels, Random random)
    {
        const int LeastAvailable = 4;

        var endpoints = LoadedEndpoints(count, levels, random);
        ClusterEndpoint[] available = [.. endpoints.Where((_, index) => index / levels % LeastAvailable == 0)];
        var view = ClusterView.Empty.CreateNext(
            new EndpointSet(endpoints, available, random),
            new Availability(available, available.Length, InPanic: false, UnknownsWait: false),
            Level.Divide(endpoints, zone: null),
            ClusterSettings.Of(new LoadBalancingOptions(), Strategies.Of(strategy), TimeProvider.System).Levels);
        return Teach(view.MakePicker(Strategies.Of(strategy)).Picker, endpoints, random);
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

    internal static ClusterEndpoint[] Endpoints(int count, int levels = 1)
    {
        var table = new InFlightTable();
        return [.. Enumerable.Range(0, count).Select(i => new ClusterEndpoint(new EndpointDescription(AddressOf(i), Priority: i % levels), table.Take(count)))];
    }

    internal static EndpointAddress AddressOf(int i) =>
        new(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:8080/")));

    private static ClusterEndpoint[] LoadedEndpoints(int count, int levels, Random random)
    {
        var endpoints = Endpoints(count, levels);
        foreach (var endpoint in endpoints)
        {
            for (var i = InFlightOf(random); i > 0; i--)
            {
                endpoint.AddInFlight();
            }
        }

        return endpoints;
    }

    private static EndpointPicker Teach(EndpointPicker picker, ClusterEndpoint[] endpoints, Random random)
    {
        foreach (var endpoint in endpoints)
        {
            // A picker that learns has heard of all endpoints, as after the first moments of a client.
            picker.OnAttemptEnded(AnswerOf(endpoint, TimeSpan.FromMilliseconds(random.Next(5, 50))));
        }

        return picker;
    }
}
