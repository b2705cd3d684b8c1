using ClientSideLb.Dns.Lookup;
using ClientSideLb.Dns.Questions;
using ClientSideLb.Dns.Telemetry;
using ClientSideLb.Shared;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Dns.Watching;

/// <summary>
/// Decides what an answer means for what was known before: whether the last endpoints stay, and when to ask again. It is not thread-safe.
/// </summary>
internal sealed class NameHistory(DnsQuestion question, DnsDiscoveryOptions options, TimeProvider time, Random random, ILogger logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetryPause = TimeSpan.FromSeconds(30);

    // A missing name is asked for again after this time if DNS does not say how long it is missing.
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(30);

    // Clients that started together must not ask together for ever. They ask a little late and not early: until the time to live is over, a
    // server in between would answer from its memory.
    private const double Jitter = 0.1;

    private readonly Backoff _backoff = new(ShortestPause, LongestRetryPause, random);
    private NameState? _state;
    private long? _missingSince;
    private bool _isFailing;
    private string? _lastFault;

    /// <summary>Gets what is known after an answer, and the time to the next lookup.</summary>
    internal (NameState State, TimeSpan Pause) Add(DnsAnswer answer)
    {
        var next = answer.Kind switch
        {
            DnsAnswerKind.Failed => Fail(answer.Fault!),
            DnsAnswerKind.Missing => Miss(answer),
            _ => Find(answer),
        };
        _state = next.State;
        return next;
    }

    private (NameState State, TimeSpan Pause) Find(DnsAnswer answer)
    {
        EndFailure(answer.Fault);
        _missingSince = null;
        return (new NameState(answer.Endpoints, IsKnown: true, Failure: null), GetPause(answer.TimeToLive));
    }

    private (NameState State, TimeSpan Pause) Miss(DnsAnswer answer)
    {
        EndFailure(fault: null);
        var now = time.GetTimestamp();
        var unknown = new NameState([], IsKnown: false, Failure: null);
        var pause = GetPause(answer.TimeToLive);
        if (_state is not { Endpoints.Count: > 0 } known)
        {
            if (_state is not { IsKnown: false })
            {
                logger.ServiceNotKnown(question);
            }

            return (unknown, pause);
        }

        var isNew = _missingSince is null;
        var left = options.MissingGracePeriod - time.GetElapsedTime(_missingSince ??= now, now);
        if (left <= TimeSpan.Zero)
        {
            logger.NameGone(question, known.Endpoints.Count);
            return (unknown, pause);
        }

        if (isNew)
        {
            logger.NameMissingForNow(question, known.Endpoints.Count, DurationText.Of(options.MissingGracePeriod));
        }

        return (known, left < pause ? left : pause);
    }

    private (NameState State, TimeSpan Pause) Fail(string fault)
    {
        var pause = _backoff.GetNext();
        pause = pause < ShortestPause ? ShortestPause : pause;
        _isFailing = true;
        var count = _state?.Endpoints.Count ?? 0;
        if (fault != _lastFault)
        {
            logger.WatchFailed(question, fault, count, DurationText.Of(pause));
            _lastFault = fault;
        }
        else
        {
            logger.WatchFailedAgain(question, fault, DurationText.Of(pause));
        }

        return (_state is { Failure: null } known ? known : new NameState([], IsKnown: true, fault), pause);
    }

    private void EndFailure(string? fault)
    {
        if (_isFailing)
        {
            logger.WatchRecovered(question);
            _backoff.Reset();
            _isFailing = false;
        }

        if (fault is not null && fault != _lastFault)
        {
            logger.LookupPartlyFailed(question, fault);
        }

        _lastFault = fault;
    }

    private TimeSpan GetPause(TimeSpan? timeToLive)
    {
        var pause = timeToLive ?? DefaultPause;
        pause = pause > options.MaximumTimeToLive ? options.MaximumTimeToLive : pause;
        pause = pause < ShortestPause ? ShortestPause : pause;
        return pause * (1 + (Jitter * random.NextDouble()));
    }
}
