using System.Globalization;
using System.Net.Sockets;
using ClientSideLb.Dns.Names;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Dns.Configuration;

/// <summary>Finds all faults of the options at once.</summary>
internal sealed class DnsDiscoveryOptionsValidator : IValidateOptions<DnsDiscoveryOptions>
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestTimeToLive = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, DnsDiscoveryOptions options)
    {
        var faults = new List<string>();
        void AddFault(string setting, FormattableString message) =>
            faults.Add($"DNS discovery: {setting} {message.ToString(CultureInfo.InvariantCulture)}");

        for (var i = 0; i < options.Servers.Count; i++)
        {
            if (!DnsServerAddress.TryParse(options.Servers[i], out _))
            {
                AddFault($"{nameof(options.Servers)}[{i}]", $"is '{options.Servers[i]}'; expected an IP address with an optional port, such as 10.0.0.10, 10.0.0.10:53 or [fd00::10]:53.");
            }
        }

        if (options.Suffix is not null && !DnsNameSyntax.TryNormalize(options.Suffix.TrimStart('.'), out _))
        {
            AddFault(nameof(options.Suffix), $"is '{options.Suffix}'; expected a domain, such as shop.svc.cluster.local.");
        }

        foreach (var (service, dnsName) in options.Names)
        {
            if (!DnsNameSyntax.TryNormalize(dnsName, out _))
            {
                AddFault($"{nameof(options.Names)}[{service}]", $"is '{dnsName}'; expected a DNS name, such as api.example or _http._tcp.api.example.");
            }
        }

        if (options.PortName is not null && !DnsNameSyntax.IsPortName(options.PortName))
        {
            AddFault(nameof(options.PortName), $"is '{options.PortName}'; expected the name of a port without underscores and dots, such as http.");
        }

        if (options.Port is < 1 or > ushort.MaxValue)
        {
            AddFault(nameof(options.Port), $"is {options.Port}; expected 1 to {ushort.MaxValue}.");
        }

        if (options.AddressFamily is not (AddressFamily.Unspecified or AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            AddFault(nameof(options.AddressFamily), $"is {options.AddressFamily}; expected {AddressFamily.Unspecified}, {AddressFamily.InterNetwork} or {AddressFamily.InterNetworkV6}.");
        }

        ValidateTime(nameof(options.QueryTimeout), options.QueryTimeout, ShortestTimeout, LongestTimeout);
        ValidateTime(nameof(options.MaximumTimeToLive), options.MaximumTimeToLive, ShortestTimeToLive, LongestTime);
        ValidateTime(nameof(options.MissingGracePeriod), options.MissingGracePeriod, TimeSpan.Zero, LongestTime);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void ValidateTime(string setting, TimeSpan value, TimeSpan shortest, TimeSpan longest)
        {
            if (value < shortest || value > longest)
            {
                AddFault(setting, $"is {value}; expected {shortest} to {longest}.");
            }
        }
    }
}
