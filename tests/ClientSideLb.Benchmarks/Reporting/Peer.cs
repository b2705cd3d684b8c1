using System.Reflection;

namespace ClientSideLb.Benchmarks.Reporting;

/// <summary>What the library is measured beside.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Version">Which version of it was measured.</param>
internal sealed record Peer(string Name, string Version)
{
    internal static Peer Yarp { get; } = Of("YARP", typeof(Yarp.ReverseProxy.Model.ClusterState).Assembly);

    internal static Peer ServiceDiscovery { get; } =
        Of("Microsoft.Extensions.ServiceDiscovery", typeof(Microsoft.Extensions.ServiceDiscovery.ServiceEndpointResolver).Assembly);

    internal static Peer Resilience { get; } =
        Of("Microsoft.Extensions.Http.Resilience", typeof(Microsoft.Extensions.Http.Resilience.HttpStandardResilienceOptions).Assembly);

    public override string ToString() => $"{Name} {Version}";

    private static Peer Of(string name, Assembly assembly)
    {
        // What follows the plus is the commit it was built from.
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return new Peer(name, version.Split('+')[0]);
    }
}
