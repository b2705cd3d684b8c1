using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Kubernetes.Tests;

/// <summary>What a provider finds.</summary>
internal sealed class FoundEndpoints : IServiceEndpointBuilder
{
    public IList<ServiceEndpoint> Endpoints { get; } = [];

    public IFeatureCollection Features { get; } = new FeatureCollection();

    internal List<IChangeToken> ChangeTokens { get; } = [];

    public void AddChangeToken(IChangeToken changeToken) => ChangeTokens.Add(changeToken);
}
