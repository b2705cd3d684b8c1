using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/kubernetes.md.</summary>
internal static class SnippetsKubernetes
{
    internal static void Add(IServiceCollection services)
    {
        services.AddKubernetesDiscovery();
        services.AddHttpClient("api").AddLoadBalancing();
    }
}
