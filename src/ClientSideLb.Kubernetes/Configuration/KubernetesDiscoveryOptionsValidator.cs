using ClientSideLb.Kubernetes.Names;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Kubernetes.Configuration;

/// <summary>Finds all faults of the options at once.</summary>
internal sealed class KubernetesDiscoveryOptionsValidator : IValidateOptions<KubernetesDiscoveryOptions>
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);

    // The balancer gives a query 30 seconds.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(25);

    public ValidateOptionsResult Validate(string? name, KubernetesDiscoveryOptions options)
    {
        var faults = FindFaults(options).Select(static fault => $"Kubernetes discovery: {fault}").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> FindFaults(KubernetesDiscoveryOptions options)
    {
        if (options.ApiServer is { } address && !(address.IsAbsoluteUri && address.Scheme is "http" or "https"))
        {
            yield return $"{nameof(options.ApiServer)} is '{address}'; expected an http or https address, such as https://10.96.0.1:443.";
        }

        if (string.IsNullOrWhiteSpace(options.ServiceAccountPath))
        {
            yield return $"{nameof(options.ServiceAccountPath)} is empty; expected a folder.";
        }

        if (options.Namespace is { } space && !KubernetesServiceName.IsLabel(space))
        {
            yield return $"{nameof(options.Namespace)} is '{space}'; expected the name of a namespace, of lower-case letters, digits and '-'.";
        }

        if (!Array.TrueForAll((options.ClusterDomain ?? "").Trim('.').ToLowerInvariant().Split('.'), KubernetesServiceName.IsLabel))
        {
            yield return $"{nameof(options.ClusterDomain)} is '{options.ClusterDomain}'; expected a domain, such as cluster.local.";
        }

        if (options.NodeName is { } node && string.IsNullOrWhiteSpace(node))
        {
            yield return $"{nameof(options.NodeName)} is empty; expected null or the name of a node.";
        }

        if (options.Zone is { } zone && string.IsNullOrWhiteSpace(zone))
        {
            yield return $"{nameof(options.Zone)} is empty; expected null or the name of a zone.";
        }

        if (options.RequestTimeout < ShortestTimeout || options.RequestTimeout > LongestTimeout)
        {
            yield return $"{nameof(options.RequestTimeout)} is {options.RequestTimeout}; expected {ShortestTimeout} to {LongestTimeout}.";
        }
    }
}
