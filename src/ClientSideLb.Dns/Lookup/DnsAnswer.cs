namespace ClientSideLb.Dns.Lookup;

/// <summary>The result of a lookup.</summary>
/// <param name="Kind">How the lookup ended.</param>
/// <param name="Endpoints">The endpoints, in a fixed order. Empty unless some were found.</param>
/// <param name="TimeToLive">How long the answer holds, or <see langword="null"/> if DNS does not say.</param>
/// <param name="Fault">The fault of the answer, or <see langword="null"/>.</param>
internal sealed record DnsAnswer(DnsAnswerKind Kind, IReadOnlyList<DnsEndpoint> Endpoints, TimeSpan? TimeToLive, string? Fault)
{
    internal static DnsAnswer Found(IReadOnlyList<DnsEndpoint> endpoints, TimeSpan? timeToLive, string? fault) =>
        new(DnsAnswerKind.Found, endpoints, timeToLive, fault);

    internal static DnsAnswer NotOffered(TimeSpan? timeToLive) => new(DnsAnswerKind.NotOffered, [], timeToLive, null);

    internal static DnsAnswer Missing(TimeSpan? timeToLive) => new(DnsAnswerKind.Missing, [], timeToLive, null);

    internal static DnsAnswer Failed(string fault) => new(DnsAnswerKind.Failed, [], null, fault);
}
