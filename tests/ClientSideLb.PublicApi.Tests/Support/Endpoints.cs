namespace ClientSideLb.PublicApi.Tests;

/// <summary>Makes endpoints to test a strategy with. No test connects to them.</summary>
internal static class Endpoints
{
    internal static Uri AddressOf(int index) => new($"http://10.0.0.{index + 1}:8080");

    internal static ClusterEndpoint[] Equal(int count) => Weighted([.. Enumerable.Repeat(1, count)]);

    internal static ClusterEndpoint[] Weighted(params int[] weights) =>
        [.. weights.Select(static (weight, index) => new ClusterEndpoint(AddressOf(index), weight))];

    /// <summary>Makes endpoints with requests in flight.</summary>
    internal static ClusterEndpoint[] Busy(params int[] inFlight) =>
        [.. inFlight.Select(static (count, index) => new ClusterEndpoint(AddressOf(index), inFlight: count))];

    /// <summary>Makes a set. By default all endpoints are available.</summary>
    internal static EndpointSet SetOf(ClusterEndpoint[] all, ClusterEndpoint[]? available = null, EndpointPicker? previous = null) =>
        new(all, available ?? all, new Random(1), previous);

    /// <summary>Counts how often each endpoint is picked.</summary>
    internal static int[] CountPicks(EndpointPicker picker, ClusterEndpoint[] endpoints, int picks)
    {
        var random = new Random(2);
        var counts = new int[endpoints.Length];
        for (var i = 0; i < picks; i++)
        {
            counts[Array.IndexOf(endpoints, picker.Pick(new PickContext(random)))]++;
        }

        return counts;
    }
}
