using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Kubernetes.Discovery;

/// <summary>
/// Gives the application's own zone to each balanced client that has none set. It waits for nothing: if the zone is found later, the options of
/// the clients are reloaded then.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A token source without a timer holds nothing.")]
internal sealed class OwnZoneOptions : IPostConfigureOptions<LoadBalancingOptions>, IOptionsChangeTokenSource<LoadBalancingOptions>
{
    private readonly KubernetesDiscovery _discovery;
    private readonly CancellationTokenSource _found = new();

    /// <param name="discovery">What runs for the container.</param>
    public OwnZoneOptions(KubernetesDiscovery discovery)
    {
        _discovery = discovery;
        discovery.Zone.Tell(_found);
    }

    // Which clients there are is not known here. A change under the default name is one of all clients.
    public string? Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => new CancellationChangeToken(_discovery.Zone.Value is null ? _found.Token : CancellationToken.None);

    public void PostConfigure(string? name, LoadBalancingOptions options)
    {
        if (options.Zone is null)
        {
            _discovery.FindZone();
            options.Zone = _discovery.Zone.Value;
        }
    }
}
