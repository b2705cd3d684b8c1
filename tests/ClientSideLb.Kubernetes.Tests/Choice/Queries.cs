using ClientSideLb.Kubernetes.Choice;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Kubernetes.Tests.Choice;

internal static class Queries
{
    internal static PortQuery Parse(string text, ServiceDiscoveryOptions? options = null)
    {
        Assert.True(ServiceEndpointQuery.TryParse(text, out var query));
        return PortQuery.Of(query, options ?? new ServiceDiscoveryOptions());
    }
}
