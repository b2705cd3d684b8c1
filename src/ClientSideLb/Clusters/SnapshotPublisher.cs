using System.Runtime.ExceptionServices;

namespace ClientSideLb.Clusters;

/// <summary>
/// Publishes each change of a cluster in two steps. The first step, under the cluster's lock, publishes which endpoints are available,
/// together with the existing pickers. If those pick an endpoint that is not available any more, the views overrule them. The second step
/// calls the strategy to make new pickers, and publishes them unless newer ones are in use. It runs code of the application, so it does not
/// hold the lock.
/// </summary>
/// <param name="clusterLock">The cluster's lock.</param>
/// <param name="time">The clock.</param>
/// <param name="onChanged">Called under the lock after a change that requests see.</param>
/// <param name="onMade">Called without the lock, with the time that the strategy took to make pickers.</param>
internal sealed class SnapshotPublisher(Lock clusterLock, TimeProvider time, Action onChanged, Action<TimeSpan> onMade)
{
    private volatile ClusterSnapshot _latest = ClusterSnapshot.Empty;
    private int _makers;

    /// <summary>Gets the latest snapshot. Requests read it without a lock.</summary>
    internal ClusterSnapshot Latest => _latest;

    /// <summary>Publishes a snapshot before the strategy has made pickers for it. The caller holds the cluster's lock.</summary>
    /// <param name="next">The snapshot.</param>
    /// <param name="leaving">The endpoints that have left. Their states are published, too.</param>
    internal void PublishLocked(ClusterSnapshot next, IReadOnlyList<ClusterEndpoint> leaving)
    {
        clusterLock.AssertHeld();

        // A request may use the old snapshot or the new one, and see old or new states. If there is an endpoint before and after the change,
        // the request must find one in each of these cases. So a new state that the old snapshot permits is published before the new one. The others
        // are published after it: when panic begins, the new snapshot permits the old states, but the old one does not permit the new ones.
        var availability = next.Availability;
        var previous = _latest.Availability;
        List<ClusterEndpoint>? later = null;
        foreach (var endpoint in next.Members)
        {
            var record = endpoint.Record;
            if (record.IsShown(Availability.IsAvailable(record, availability.UnknownsWait)))
            {
                continue;
            }

            if (availability.Permits(record) && previous.Permits(record))
            {
                ShowMemberLocked(endpoint, in availability);
            }
            else
            {
                (later ??= []).Add(endpoint);
            }
        }

        _latest = next;
        foreach (var endpoint in later ?? [])
        {
            ShowMemberLocked(endpoint, in availability);
        }

        foreach (var endpoint in leaving)
        {
            ShowLocked(endpoint, isAvailable: false);
        }

        if (next.Listed.Length > next.Members.Length)
        {
            foreach (var endpoint in next.Listed)
            {
                if (!endpoint.Record.IsUsed)
                {
                    ShowLocked(endpoint, isAvailable: false);
                }
            }
        }

        onChanged();
    }

    /// <summary>Replaces the latest snapshot by one that differs in the leaving endpoints only.</summary>
    internal void ReplaceLeavingLocked(IReadOnlyList<ClusterEndpoint> leaving)
    {
        clusterLock.AssertHeld();
        _latest = _latest.WithLeaving(leaving);
        onChanged();
    }

    /// <summary>Makes the state of an endpoint visible to requests, if it has changed. The caller holds the cluster's lock.</summary>
    internal void ShowLocked(ClusterEndpoint endpoint, bool isAvailable)
    {
        clusterLock.AssertHeld();
        var record = endpoint.Record;
        if (record.IsShown(isAvailable))
        {
            return;
        }

        if (!record.Matches(endpoint.State, isAvailable))
        {
            endpoint.SetState(record.CreateState(isAvailable));
            onChanged();
        }

        record.MarkShown(isAvailable);
    }

    private void ShowMemberLocked(ClusterEndpoint endpoint, in Availability availability) =>
        ShowLocked(endpoint, Availability.IsAvailable(endpoint.Record, availability.UnknownsWait));

    /// <summary>
    /// Calls the strategy to make pickers until the latest snapshot has its own. If another thread does that already, and the pickers are not
    /// required, this returns at once. So it never waits for code of the application that another change runs.
    /// </summary>
    /// <param name="isRequired">Whether the pickers must be in use when this returns.</param>
    /// <exception cref="Exception">The strategy failed with the latest snapshot.</exception>
    internal void MakePickers(bool isRequired)
    {
        lock (clusterLock)
        {
            if (_latest.ArePickersCurrent || (_makers > 0 && !isRequired))
            {
                return;
            }

            _makers++;
        }

        while (true)
        {
            var latest = _latest;
            var made = TryMake(latest, out var failure);
            lock (clusterLock)
            {
                if (made is not null && _latest.CanTakePickersOf(made))
                {
                    _latest = _latest.WithPickersOf(made);
                }

                var hasFailed = failure is not null && _latest.Version == latest.Version;
                if (!_latest.ArePickersCurrent && !hasFailed)
                {
                    continue;
                }

                _makers--;
                if (_latest.ArePickersCurrent)
                {
                    return;
                }
            }

            ExceptionDispatchInfo.Throw(failure!);
        }
    }

    private ClusterSnapshot? TryMake(ClusterSnapshot snapshot, out Exception? failure)
    {
        failure = null;
        var started = time.GetTimestamp();
        try
        {
            var made = snapshot.MakePickers();
            onMade(time.GetElapsedTime(started));
            return made;
        }
        catch (Exception exception)
        {
            failure = exception;
            return null;
        }
    }
}
