using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace ClientSideLb.Health;

/// <summary>
/// Lets clusters share the results of equal probes. Of all the clusters that want the same probe, one sends it. The others take its result, and keep
/// their own thresholds and health. Safe for many threads.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class SharedProbes(TimeProvider time)
{
    private const int AddedBetweenCleanups = 64;

    // The results end with the handler that sent the probes.
    private readonly ConditionalWeakTable<object, Sender> _senders = new();

    /// <summary>Gets the result of a probe. It is sent unless another cluster is sending it now, or has begun to a short time ago.</summary>
    /// <param name="by">The object that sends the probe. Probes of other senders are other probes.</param>
    /// <param name="identity">The identity of the probe.</param>
    /// <param name="age">How long ago another cluster may have sent the probe. It must be shorter than the pause between two probes of a cluster.</param>
    /// <param name="send">Sends the probe. Its result is <see langword="null"/> if the probe could not be sent.</param>
    /// <param name="cancellationToken">Ends the wait for another cluster's probe.</param>
    internal async Task<ProbeOutcome> GetAsync(
        object by, ProbeIdentity identity, TimeSpan age, Func<Task<HealthProbeResult?>> send, CancellationToken cancellationToken)
    {
        var sender = _senders.GetOrCreateValue(by);
        while (true)
        {
            var sent = sender.Find(identity);
            if (sent is not null && (!sent.Result.IsCompleted || time.GetElapsedTime(sent.Started) < age))
            {
                if (await sent.Result.WaitAsync(cancellationToken).ConfigureAwait(true) is { } result)
                {
                    return new ProbeOutcome(result, sent.Started, IsShared: true);
                }
            }
            else if (sender.TryBegin(identity, sent, time) is { } own)
            {
                return new ProbeOutcome(await SendAsync(sender, identity, own, send).ConfigureAwait(true), own.Started, IsShared: false);
            }
        }
    }

    // A probe that says nothing about the endpoint, because its cluster has ended or because it could not be sent, is not shared. The others send their own.
    private static async Task<HealthProbeResult?> SendAsync(Sender sender, ProbeIdentity identity, SentProbe own, Func<Task<HealthProbeResult?>> send)
    {
        HealthProbeResult? result = null;
        try
        {
            return result = await send().ConfigureAwait(true);
        }
        finally
        {
            if (result is null)
            {
                sender.Forget(identity, own);
            }

            own.End(result);
        }
    }

    private sealed class Sender
    {
        private readonly ConcurrentDictionary<ProbeIdentity, SentProbe> _latest = new(concurrencyLevel: 1, capacity: 7);
        private int _added;

        internal SentProbe? Find(ProbeIdentity identity) => _latest.GetValueOrDefault(identity);

        // The result is null if another cluster was faster.
        internal SentProbe? TryBegin(ProbeIdentity identity, SentProbe? before, TimeProvider time)
        {
            var own = new SentProbe(time.GetTimestamp());
            if (before is not null)
            {
                return _latest.TryUpdate(identity, own, before) ? own : null;
            }

            if (!_latest.TryAdd(identity, own))
            {
                return null;
            }

            if (Interlocked.Increment(ref _added) % AddedBetweenCleanups == 0)
            {
                CleanUp(time);
            }

            return own;
        }

        internal void Forget(ProbeIdentity identity, SentProbe sent) => _latest.TryRemove(KeyValuePair.Create(identity, sent));

        // Endpoints come and go, and settings change. Results that no cluster has asked for since are no longer needed.
        private void CleanUp(TimeProvider time)
        {
            foreach (var (identity, sent) in _latest)
            {
                if (sent.Result.IsCompleted && time.GetElapsedTime(sent.Started) > 2 * identity.Settings.Interval)
                {
                    Forget(identity, sent);
                }
            }
        }
    }

    private sealed class SentProbe(long started)
    {
        private readonly TaskCompletionSource<HealthProbeResult?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal long Started => started;

        /// <summary>Gets the result, or <see langword="null"/> if there is none.</summary>
        internal Task<HealthProbeResult?> Result => _result.Task;

        internal void End(HealthProbeResult? result) => _result.SetResult(result);
    }
}
