using System.Globalization;
using System.Text;
using ClientSideLb.Consul.Names;

namespace ClientSideLb.Consul.Api;

/// <summary>A query for the instances of a service.</summary>
/// <param name="Name">The service.</param>
/// <param name="Index">The index of the last answer: Consul holds the query until there is a newer one. 0 asks for an answer at once.</param>
/// <param name="IsAny">Whether to ask for all instances, whatever their health and tags.</param>
internal readonly record struct ConsulQuery(ConsulServiceName Name, ulong Index = 0, bool IsAny = false)
{
    internal string GetAddress(ConsulDiscoveryOptions options)
    {
        var address = new StringBuilder("v1/health/service/").Append(Uri.EscapeDataString(Name.Service));
        var separator = '?';
        if (Index > 0)
        {
            Add("index", Index.ToString(CultureInfo.InvariantCulture));
            Add("wait", string.Create(CultureInfo.InvariantCulture, $"{(long)options.Wait.TotalMilliseconds}ms"));
        }

        if ((Name.Datacenter ?? options.Datacenter) is { } datacenter)
        {
            Add("dc", datacenter);
        }

        if (!IsAny)
        {
            if (options.PassingOnly)
            {
                Add("passing", "1");
            }

            foreach (var tag in GetTags(options))
            {
                Add("tag", tag);
            }
        }

        return address.ToString();

        void Add(string key, string value)
        {
            address.Append(separator).Append(key).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
    }

    /// <summary>Tells whether Consul leaves out instances that the service has.</summary>
    internal bool IsSelective(ConsulDiscoveryOptions options) => !IsAny && (options.PassingOnly || GetTags(options).Any());

    private IEnumerable<string> GetTags(ConsulDiscoveryOptions options) => Name.Tag is { } tag ? options.Tags.Append(tag) : options.Tags;
}
