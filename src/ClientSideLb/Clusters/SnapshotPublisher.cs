using System.Runtime.ExceptionServices;

namespace ClientSideLb.Clusters;

/// <summary>
/// Publishes a cluster's snapshots, each change in two steps. The first one, under the cluster's lock, shows who is available, with the
/// pickers that are there; the cluster overrules those where they are out of date. The second one, without the lock because it runs
/// code of the application, has the strategy make pickers, and publishes them unless newer ones are in use.
/// </summary>
/// <param name="clusterLock">The cluster's lock.</param>
/// <param name="time">The clock.</param>
/// <param name="onMade">Called, without the lock, with the time that the strategy took to make pickers.</param>
internal sealed class SnapshotPublisher(Lock clusterLock, TimeProvider time, Action<TimeSpan> onMade)
{
    private volatile ClusterSnapshot _latest = ClusterSnapshot.Empty;
    private int _makers;

    /// <summary>Gets the latest snapshot. Requests read it without a lock.</summary>
    internal ClusterSnapshot Latest => _latest;

    /// <summary>Publishes what has changed, before the strategy has made pickers for it. The caller holds the cluster's lock.</summary>
    /// <param name="next">The snapshot.</param>
    /// <param name="others">Endpoints that have left, and whose state must be shown, too.</param>
    internal void PublishLocked(ClusterSnapshot next, IReadOnlyList<ClusterEndpoint> others)
    {
        clusterLock.AssertHeld();

        // A request may hold the snapshot before this one or this one, and see states from before or after. In each case it must find an
        // endpoint if there is one before and after. So the states of those that may be picked are shown first, and the others' last.
        var availability = next.Availability;
        foreach (var endpoint in next.Members)
        {
            var health = endpoint.Record.Health;
            if (availability.Permits(health))
            {
                ShowLocked(endpoint, isAvailable: Availability.IsAvailable(health, availability.UnknownsWait));
            }
        }

        _latest = next;
        foreach (var endpoint in next.Members)
        {
            if (!availability.Permits(endpoint.Record.Health))
            {
                ShowLocked(endpoint, isAvailable: false);
            }
        }

        foreach (var endpoint in others)
        {
            ShowLocked(endpoint, isAvailable: false);
        }
    }

    /// <summary>Replaces the latest snapshot by one that differs in the leaving endpoints only.</summary>
    internal void ReplaceLeavingLocked(IReadOnlyList<ClusterEndpoint> leaving)
    {
        clusterLock.AssertHeld();
        _latest = _latest.WithLeaving(leaving);
    }

    /// <summary>Shows the state of an endpoint to requests, if it has changed. The caller holds the cluster's lock.</summary>
    internal void ShowLocked(ClusterEndpoint endpoint, bool isAvailable)
    {
        clusterLock.AssertHeld();
        if (!endpoint.Record.Matches(endpoint.State, isAvailable))
        {
            endpoint.SetState(endpoint.Record.CreateState(isAvailable));
        }
    }

    /// <summary>
    /// Has the strategy make pickers until the latest snapshot has its own. A thread that is not required to do so leaves it to another
    /// one that is at it already, and so never waits for code of the application that another change runs.
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
