using ClientSideLb.Kubernetes.Names;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Kubernetes.Configuration;

/// <summary>Reports every fault of the options at once.</summary>
internal sealed class KubernetesDiscoveryOptionsValidator : IValidateOptions<KubernetesDiscoveryOptions>
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);

    // The balancer gives a query 30 seconds.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(25);

    public ValidateOptionsResult Validate(string? name, KubernetesDiscoveryOptions options)
    {
        var faults = FindFaults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> FindFaults(KubernetesDiscoveryOptions options)
    {
        if (options.ApiServer is { } address && !(address.IsAbsoluteUri && address.Scheme is "http" or "https"))
        {
            yield return $"{nameof(options.ApiServer)} must be an absolute http or https address, not '{address}'.";
        }

        if (string.IsNullOrWhiteSpace(options.ServiceAccountPath))
        {
            yield return $"{nameof(options.ServiceAccountPath)} must not be empty.";
        }

        if (options.Namespace is { } space && !KubernetesServiceName.IsLabel(space))
        {
            yield return $"{nameof(options.Namespace)} must be the name of a namespace (lower-case letters, digits and '-'), not '{space}'.";
        }

        if (!Array.TrueForAll((options.ClusterDomain ?? "").Trim('.').ToLowerInvariant().Split('.'), KubernetesServiceName.IsLabel))
        {
            yield return $"{nameof(options.ClusterDomain)} must be a domain such as 'cluster.local', not '{options.ClusterDomain}'.";
        }

        if (options.NodeName is { } node && string.IsNullOrWhiteSpace(node))
        {
            yield return $"{nameof(options.NodeName)} must be null or the name of a node.";
        }

        if (options.Zone is { } zone && string.IsNullOrWhiteSpace(zone))
        {
            yield return $"{nameof(options.Zone)} must be null or the name of a zone.";
        }

        if (options.RequestTimeout < ShortestTimeout || options.RequestTimeout > LongestTimeout)
        {
            yield return $"{nameof(options.RequestTimeout)} must be from {ShortestTimeout} to {LongestTimeout}, not {options.RequestTimeout}.";
        }
    }
}
