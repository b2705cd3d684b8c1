using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace ClientSideLb.Benchmarks.Picking;

/// <summary>A policy of YARP as its container has it, and destinations for it to pick from.</summary>
internal sealed class YarpPolicy
{
    private readonly ILoadBalancingPolicy _policy;
    private readonly HttpContext _context = new DefaultHttpContext();
    private readonly ClusterState _cluster = new("cluster");
    private readonly DestinationState[] _destinations;

    private YarpPolicy(string policy, int count)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReverseProxy();
        using var provider = services.BuildServiceProvider();
        _policy = provider.GetServices<ILoadBalancingPolicy>().Single(known => known.Name == policy);
        _destinations = [.. Enumerable.Range(0, count).Select(static i => new DestinationState(i.ToString(CultureInfo.InvariantCulture))
        {
            ConcurrentRequestCount = Pickers.InFlightOf(Random.Shared),
        })];
    }

    /// <summary>Finds the counterpart of a strategy, or <see langword="null"/> where there is none.</summary>
    internal static YarpPolicy? TryCreate(string strategy, int count) => strategy switch
    {
        LoadBalancingStrategies.RoundRobin => new YarpPolicy(LoadBalancingPolicies.RoundRobin, count),
        LoadBalancingStrategies.Random => new YarpPolicy(LoadBalancingPolicies.Random, count),
        LoadBalancingStrategies.PowerOfTwoChoices => new YarpPolicy(LoadBalancingPolicies.PowerOfTwoChoices, count),
        LoadBalancingStrategies.LeastConnections => new YarpPolicy(LoadBalancingPolicies.LeastRequests, count),
        _ => null,
    };

    internal DestinationState? Pick() => _policy.PickDestination(_context, _cluster, _destinations);
}
