using System.Net.Sockets;

namespace ClientSideLb;

/// <summary>Sets how the endpoints of services are found by DNS. The values are read once, when the first service is asked for.</summary>
public sealed class DnsDiscoveryOptions
{
    /// <summary>Gets the DNS servers to ask, in order: the next one is asked if one does not answer or fails.</summary>
    /// <value>
    /// IP addresses with an optional port, such as <c>10.0.0.10</c>, <c>10.0.0.10:5353</c> or <c>[fd00::10]:53</c>. Empty by default, which
    /// means the servers of the system.
    /// </value>
    public IList<string> Servers { get; } = [];

    /// <summary>Gets or sets the domain that completes a name without a dot.</summary>
    /// <value>
    /// With <c>shop.svc.cluster.local</c>, <c>api</c> means <c>api.shop.svc.cluster.local</c>, and <c>_http.api</c> means
    /// <c>_http._tcp.api.shop.svc.cluster.local</c>. A name that has a dot, also one at its end, is complete. The default value is
    /// <see langword="null"/>.
    /// </value>
    public string? Suffix { get; set; }

    /// <summary>Gets the DNS names of services whose name in requests is another one.</summary>
    /// <value>
    /// The key is the host of the request, in any case; the value is the complete DNS name. For example <c>api</c> means
    /// <c>_http._tcp.api.example</c>. Empty by default.
    /// </value>
    public IDictionary<string, string> Names { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets the name of the port by which a name is looked up that names no port itself.</summary>
    /// <value>
    /// With <c>http</c>, <c>api.example</c> is looked up as the SRV records of <c>_http._tcp.api.example</c>. The default value is
    /// <see langword="null"/>: such a name is looked up as the addresses (A and AAAA) of <c>api.example</c>.
    /// </value>
    public string? PortName { get; set; }

    /// <summary>Gets or sets the port of endpoints that are found by their address, if the request names none.</summary>
    /// <value>From 1 to 65535. The default value is <see langword="null"/>, which means the default port of the scheme.</value>
    public int? Port { get; set; }

    /// <summary>Gets or sets which addresses are used.</summary>
    /// <value>
    /// <see cref="AddressFamily.InterNetwork"/> (A), <see cref="AddressFamily.InterNetworkV6"/> (AAAA), or the default value
    /// <see cref="AddressFamily.Unspecified"/>, which means both. With both, a server that has an address of each kind is two endpoints.
    /// </value>
    public AddressFamily AddressFamily { get; set; } = AddressFamily.Unspecified;

    /// <summary>Gets or sets the predicate that tells which names are looked up.</summary>
    /// <value>
    /// It is called with the host of a request, from any thread. A name that it refuses is left to the other providers. The default value is
    /// <see langword="null"/>: all names. IP addresses, <c>localhost</c>, and names that configuration lists are never looked up.
    /// </value>
    public Func<string, bool>? Accepts { get; set; }

    /// <summary>Gets or sets how long one DNS server may take to answer a query. Each server is asked twice.</summary>
    /// <value>From 10 milliseconds to 30 seconds. The default value is 2 seconds.</value>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets the longest time between two lookups of a name, whatever the time to live of its records.</summary>
    /// <value>
    /// From 1 second to 1 day. The default value is 5 minutes. The shortest time is always 1 second. Each lookup comes up to a tenth of the
    /// time later, at random, so that clients that started together do not ask together.
    /// </value>
    public TimeSpan MaximumTimeToLive { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets how long the endpoints of a name stay after DNS said for the first time that the name does not exist or has no records.
    /// </summary>
    /// <value>
    /// From zero to 1 day. The default value is 30 seconds. It does not apply to an SRV record with the target <c>.</c>, which says that the
    /// service is not offered: then the endpoints leave at once.
    /// </value>
    public TimeSpan MissingGracePeriod { get; set; } = TimeSpan.FromSeconds(30);
}
