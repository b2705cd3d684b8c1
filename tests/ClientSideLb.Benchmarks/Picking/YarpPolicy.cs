using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace ClientSideLb.Benchmarks.Picking;

/// <summary>A policy of YARP as its container has it, and destinations for it to pick from.</summary>
internal sealed class YarpPolicy
{
    private const string Counter = "Yarp.ReverseProxy.Utilities.AtomicCounter, Yarp.ReverseProxy";

    private readonly ILoadBalancingPolicy _policy;
    private readonly HttpContext _context = new DefaultHttpContext();
    private readonly ClusterState _cluster = new("cluster");
    private readonly DestinationState[] _destinations;

    private YarpPolicy(string policy, int count, bool isIdle)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReverseProxy();
        using var provider = services.BuildServiceProvider();
        _policy = provider.GetServices<ILoadBalancingPolicy>().Single(known => known.Name == policy);
        _destinations = [.. Enumerable.Range(0, count).Select(i => new DestinationState(i.ToString(CultureInfo.InvariantCulture))
        {
            ConcurrentRequestCount = isIdle ? 0 : Pickers.InFlightOf(Random.Shared),
        })];
    }

    /// <summary>Gets the destinations.</summary>
    internal IReadOnlyList<DestinationState> Destinations => _destinations;

    /// <summary>Tells whether a strategy has a counterpart.</summary>
    internal static bool IsThere(string strategy) => FindName(strategy) is not null;

    /// <summary>Finds the counterpart of a strategy, or <see langword="null"/> where there is none.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="count">How many destinations there are.</param>
    /// <param name="isIdle">Whether no requests are in flight at them. If not, there are some at each.</param>
    internal static YarpPolicy? TryCreate(string strategy, int count, bool isIdle = false) =>
        FindName(strategy) is { } name ? new YarpPolicy(name, count, isIdle) : null;

    internal DestinationState? Pick() => _policy.PickDestination(_context, _cluster, _destinations);

    /// <summary>Picks, and counts a request at the destination and in the cluster, as YARP does for each request that it forwards.</summary>
    internal DestinationState Begin()
    {
        var destination = Pick()!;
        Increment(GetCounter(_cluster));
        Increment(GetCounter(destination));
        return destination;
    }

    /// <summary>Ends a request.</summary>
    internal void End(DestinationState destination)
    {
        Decrement(GetCounter(destination));
        Decrement(GetCounter(_cluster));
    }

    private static string? FindName(string strategy) => strategy switch
    {
        LoadBalancingStrategies.RoundRobin => LoadBalancingPolicies.RoundRobin,
        LoadBalancingStrategies.Random => LoadBalancingPolicies.Random,
        LoadBalancingStrategies.PowerOfTwoChoices => LoadBalancingPolicies.PowerOfTwoChoices,
        LoadBalancingStrategies.LeastConnections => LoadBalancingPolicies.LeastRequests,
        _ => null,
    };

    // Internal to YARP.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ConcurrencyCounter")]
    [return: UnsafeAccessorType(Counter)]
    private static extern object GetCounter(ClusterState cluster);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ConcurrencyCounter")]
    [return: UnsafeAccessorType(Counter)]
    private static extern object GetCounter(DestinationState destination);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern int Increment([UnsafeAccessorType(Counter)] object counter);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern int Decrement([UnsafeAccessorType(Counter)] object counter);
}
