using ClientSideLb.Dns.Lookup;
using ClientSideLb.Dns.Questions;
using ClientSideLb.Dns.Telemetry;
using ClientSideLb.Shared;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Dns.Watching;

/// <summary>Looks up one name again and again. While DNS does not answer, the last state stays. Thread-safe.</summary>
internal sealed class NameWatch : ServiceWatch<DnsQuestion, NameState>
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private readonly NameLookup _lookup;
    private readonly NameHistory _history;
    private readonly DnsDiscoveryMetrics _metrics;
    private readonly ILogger _logger;

    internal NameWatch(
        DnsQuestion question, DnsDiscoveryOptions options, DnsTransport transport, DnsDiscoveryMetrics metrics, TimeProvider time, Random random, ILogger logger)
        : base(question, ShortestPause, time)
    {
        var addresses = new AddressLookup(transport, options.AddressFamily);
        _lookup = new NameLookup(question, addresses, new SrvLookup(transport, addresses, logger));
        _history = new NameHistory(question, options, time, random, logger);
        _metrics = metrics;
        _logger = logger;
    }

    protected override async Task FollowAsync(CancellationToken cancellationToken)
    {
        var answer = await _lookup.FindAsync(cancellationToken).ConfigureAwait(false);
        await ApplyAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    // An answer of an unexpected kind must not end the lookups.
    protected override Task RecoverAsync(Exception failure, CancellationToken cancellationToken) =>
        ApplyAsync(DnsAnswer.Failed($"the answer cannot be used: {failure.Message}"), cancellationToken);

    protected override bool IsSame(NameState one, NameState other) =>
        one.IsKnown == other.IsKnown && one.Failure is null == other.Failure is null && one.Endpoints.SequenceEqual(other.Endpoints);

    private Task ApplyAsync(DnsAnswer answer, CancellationToken cancellationToken)
    {
        var (state, pause) = _history.Add(answer);
        var isChange = Publish(state);
        if (answer.Kind != DnsAnswerKind.Failed)
        {
            _metrics.Answered(isChange);
        }

        if (isChange && state is { IsKnown: true, Failure: null })
        {
            _logger.EndpointsChanged(Name, state.Endpoints.Count);
        }

        return Task.Delay(pause, Time, cancellationToken);
    }
}
