using ClientSideLb.Dns.Questions;

namespace ClientSideLb.Dns.Lookup;

/// <summary>Looks up one name, again and again. It is not thread-safe.</summary>
internal sealed class NameLookup(DnsQuestion question, AddressLookup addresses, SrvLookup services)
{
    internal async Task<DnsAnswer> FindAsync(CancellationToken cancellationToken)
    {
        var answer = question.IsSrv
            ? await services.FindAsync(question.Name, cancellationToken).ConfigureAwait(false)
            : Describe(await addresses.FindAsync(question.Name, cancellationToken).ConfigureAwait(false));

        // Servers rotate their records. That is no change.
        return answer with { Endpoints = [.. answer.Endpoints.OrderBy(static one => one.Priority).ThenBy(static one => one.Address.ToString(), StringComparer.Ordinal).ThenBy(static one => one.Port)] };
    }

    private static DnsAnswer Describe(HostAddresses host) => host switch
    {
        { Addresses.Count: > 0, HasAnswer: true } =>
            DnsAnswer.Found([.. host.Addresses.Select(static address => new DnsEndpoint(0, address, null, null))], host.TimeToLive, host.Fault),
        { Fault: { } fault } => DnsAnswer.Failed(fault),
        _ => DnsAnswer.Missing(host.TimeToLive),
    };
}
