using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Kubernetes.Discovery;

/// <summary>
/// Gives the application's own zone to each balanced client that has none set. It waits for nothing: if the zone is found later, the options of
/// the clients are reloaded then.
/// </summary>
internal sealed class OwnZoneOptions(KubernetesDiscovery discovery)
    : IPostConfigureOptions<LoadBalancingOptions>, IOptionsChangeTokenSource<LoadBalancingOptions>
{
    // Which clients there are is not known here. A change under the default name is one of all clients.
    public string? Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => discovery.Zone.GetChangeToken();

    public void PostConfigure(string? name, LoadBalancingOptions options)
    {
        if (options.Zone is null)
        {
            discovery.FindZone();
            options.Zone = discovery.Zone.Value;
        }
    }
}
