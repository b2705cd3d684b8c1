using ClientSideLb.Clusters;
using ClientSideLb.Discovery;
using ClientSideLb.Requests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Clients;

/// <summary>Makes the feeds that keep clusters up to date with service discovery.</summary>
internal sealed class FeedFactory(ServiceDiscoveryResolver resolver, ServiceDiscoveryOptions options, TimeProvider time, Random random, ILogger logger)
{
    internal EndpointFeed Create(Cluster cluster, LogicalAddress service) =>
        new(cluster, new ServiceDiscoveryEndpointSource(resolver, service, options, logger), time, random, logger);

    /// <inheritdoc cref="ServiceDiscoveryResolver.DescribeKnownServices"/>
    internal string DescribeKnownServices() => resolver.DescribeKnownServices();
}
