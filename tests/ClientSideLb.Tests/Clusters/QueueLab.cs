using System.Net;

namespace ClientSideLb.Tests;

/// <summary>A cluster on virtual time whose endpoints have a limit, and requests that wait for room.</summary>
internal sealed class QueueLab(int endpoints, Action<LoadBalancingOptions>? configure = null, ILoadBalancingStrategy? strategy = null)
{
    internal ClusterLab Lab { get; } = new(
        endpoints,
        options =>
        {
            (options.Concurrency.MaxInFlightPerEndpoint, options.Concurrency.QueueLimit) = (1, 100);
            configure?.Invoke(options);
        },
        strategy);

    internal Cluster Cluster => Lab.Cluster;

    /// <summary>Sends a request, which takes a lease or waits for one.</summary>
    internal QueuedRequest Send(string key = "key", bool httpsOnly = false, params ClusterEndpoint[] tried)
    {
        var list = tried.Length == 0 ? null : new TriedEndpoints();
        Array.ForEach(tried, endpoint => list!.Add(endpoint));
        var (keys, request) = (new FixedKeys(key, IPAddress.Loopback), new object());
        var needs = new EndpointNeeds(httpsOnly, IsReplayable: true);
        return Cluster.AcquireUntried(keys, request, list, needs, out var shortage) is { } lease ? new QueuedRequest(lease, wait: null)
            : shortage.IsFull ? new QueuedRequest(lease: null, Cluster.Waiting.TryWait(keys, request, list, needs))
            : throw new InvalidOperationException("There is no endpoint.");
    }

    internal QueuedRequest[] Send(int count) => [.. Enumerable.Range(0, count).Select(_ => Send())];

    /// <summary>Finds a key that an endpoint owns.</summary>
    internal string KeyOf(ClusterEndpoint owner)
    {
        for (var i = 0; ; i++)
        {
            if (Cluster.Snapshot.GetView(httpsOnly: false).Picker.Pick(new PickContext(new SeededRandom(1), $"key {i}")) == owner)
            {
                return $"key {i}";
            }
        }
    }
}
