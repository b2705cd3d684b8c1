using ClientSideLb.Clusters;
using ClientSideLb.Discovery;
using ClientSideLb.Requests;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Clients;

/// <summary>Makes the feeds that keep clusters up to date with service discovery.</summary>
internal sealed class FeedFactory(ServiceDiscoveryResolver resolver, ServiceDiscoveryOptions options, TimeProvider time, Random random, ClientTelemetry telemetry)
{
    internal EndpointFeed Create(Cluster cluster, LogicalAddress service) =>
        new(cluster, new ServiceDiscoveryEndpointSource(resolver, service, options, telemetry.Logger), time, random, telemetry);

    /// <inheritdoc cref="ServiceDiscoveryResolver.DescribeKnownServices"/>
    internal string DescribeKnownServices() => resolver.DescribeKnownServices();
}
