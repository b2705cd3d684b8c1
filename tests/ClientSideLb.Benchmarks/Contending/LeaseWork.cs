using System.Net;
using ClientSideLb.Benchmarks.Picking;

namespace ClientSideLb.Benchmarks.Contending;

/// <summary>Picks, each with a lease that is taken and released, as a request does.</summary>
internal static class LeaseWork
{
    private static readonly EndpointNeeds Needs = new(HttpsOnly: false, IsReplayable: true);

    internal static Work Own(string strategy, int endpoints) => new(strategy, () =>
    {
        var cluster = ClusterInUse.Create(strategy, endpoints);
        return thread =>
        {
            var keys = new Keys(thread);
            return count =>
            {
                for (var i = 0; i < count; i++)
                {
                    cluster.AcquireUntried(keys, keys, tried: null, Needs)!.Release();
                }
            };
        };
    });

    internal static Work? TryYarp(string strategy, int endpoints) => !YarpPolicy.IsThere(strategy) ? null : new Work(strategy, () =>
    {
        var policy = YarpPolicy.TryCreate(strategy, endpoints, isIdle: true)!;
        return _ => count =>
        {
            for (var i = 0; i < count; i++)
            {
                policy.End(policy.Begin());
            }
        };
    });

    // Keys of one thread that change from request to request, so that not all requests with a key are sent to one endpoint.
    private sealed class Keys(int thread) : PickKeys
    {
        private const int Count = 64;

        private readonly string[] _keys = [.. Enumerable.Range(thread * Count, Count).Select(static i => $"user-{i}")];
        private readonly IPAddress[] _addresses = [.. Enumerable.Range(thread * Count, Count).Select(static i => new IPAddress([10, 0, (byte)(i >> 8), (byte)i]))];
        private int _next;

        internal override string? GetHashKey(object request) => _keys[_next++ % Count];

        internal override IPAddress? GetClientIp(object request) => _addresses[_next++ % Count];
    }
}
