using Microsoft.Extensions.Options;

namespace ClientSideLb.Consul.Configuration;

/// <summary>Finds all faults of the options at once.</summary>
internal sealed class ConsulDiscoveryOptionsValidator(Func<string, string?> getVariable) : IValidateOptions<ConsulDiscoveryOptions>
{
    private const string ExpectedAddress = "an http or https address without user information and query, such as http://localhost:8500";

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);

    // The balancer gives a query 30 seconds.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(25);

    public ValidateOptionsResult Validate(string? name, ConsulDiscoveryOptions options)
    {
        var faults = FindFaults(options).Select(static fault => $"Consul discovery: {fault}").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> FindFaults(ConsulDiscoveryOptions options)
    {
        // An address may contain a password, and is not shown.
        if (options.Address is { } address && !ConsulTarget.IsUsable(address))
        {
            yield return $"{nameof(options.Address)} is not usable; expected {ExpectedAddress}.";
        }
        else if (options.Address is null && !ConsulTarget.TryReadAddress(getVariable, out _))
        {
            yield return $"the environment variable {ConsulTarget.AddressVariable} is not usable; expected {ExpectedAddress}. Unix sockets are not supported.";
        }

        if ((options.Token ?? getVariable(ConsulTarget.TokenVariable)) is { } token && token.Any(static one => one is <= ' ' or > '~'))
        {
            yield return $"{nameof(options.Token)} is not usable; expected visible ASCII characters.";
        }

        if (options.Datacenter is { } datacenter && string.IsNullOrWhiteSpace(datacenter))
        {
            yield return $"{nameof(options.Datacenter)} is empty; expected null or the name of a datacenter.";
        }

        if (options.Tags.Any(string.IsNullOrWhiteSpace))
        {
            yield return $"{nameof(options.Tags)} has an empty tag; expected names of tags.";
        }

        if (options.Wait < ShortestWait || options.Wait > LongestWait)
        {
            yield return $"{nameof(options.Wait)} is {options.Wait}; expected {ShortestWait} to {LongestWait}.";
        }

        if (options.RequestTimeout < ShortestTimeout || options.RequestTimeout > LongestTimeout)
        {
            yield return $"{nameof(options.RequestTimeout)} is {options.RequestTimeout}; expected {ShortestTimeout} to {LongestTimeout}.";
        }

        if (options.SchemeMetaKey is { } schemeKey && string.IsNullOrWhiteSpace(schemeKey))
        {
            yield return $"{nameof(options.SchemeMetaKey)} is empty; expected null or a key of the metadata of instances.";
        }

        if (options.ZoneMetaKey is { } zoneKey && string.IsNullOrWhiteSpace(zoneKey))
        {
            yield return $"{nameof(options.ZoneMetaKey)} is empty; expected null or a key of the metadata of nodes.";
        }
    }
}
