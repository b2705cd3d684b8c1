using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Balancing;
using ClientSideLb.Simulator.Results;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Engine;

/// <summary>Applies the changes of a scenario to its backends, and updates the endpoints of the clients when a backend leaves or joins.</summary>
internal sealed class BackendChanges
{
    private readonly BackendChange[] _changes;
    private readonly IReadOnlyList<int>[] _changed;
    private readonly IReadOnlyList<Backend> _backends;
    private readonly IReadOnlyList<BalancedClient> _clients;
    private readonly FaultWatch _faults;
    private readonly Recorder _recorder;

    internal BackendChanges(
        Scenario scenario, IReadOnlyList<Backend> backends, IReadOnlyList<BalancedClient> clients, FaultWatch faults, Recorder recorder)
    {
        _changes = [.. scenario.Changes.OrderBy(static change => change.At)];
        _changed = Array.ConvertAll(_changes, change => BackendList.Parse(change.Backends, backends.Count));
        _backends = backends;
        _clients = clients;
        _faults = faults;
        _recorder = recorder;
        MarkLateBackends();
    }

    /// <summary>Gets the indexes of the backends that are listed now.</summary>
    internal int[] Listed => [.. _backends.Where(static backend => backend.IsListed).Select(static backend => backend.Index)];

    /// <summary>Schedules all changes.</summary>
    internal void Schedule(EventQueue events)
    {
        for (var i = 0; i < _changes.Length; i++)
        {
            events.Push(Nanoseconds.Of(_changes[i].At), EventKind.Change, i);
        }
    }

    /// <summary>Applies the change with the given index.</summary>
    internal void Apply(int index, long now)
    {
        var change = _changes[index];
        foreach (var backend in _changed[index])
        {
            Apply(change, _backends[backend], now);
        }

        _recorder.SetFailing(_faults.IsAnyFailing, now);
        if (change.Change is ChangeKind.Leave or ChangeKind.Join)
        {
            UpdateEndpoints();
        }
    }

    /// <summary>Updates the endpoints of all clients to the backends that are listed now.</summary>
    internal void UpdateEndpoints()
    {
        var listed = Listed;
        foreach (var client in _clients)
        {
            client.UpdateEndpoints(listed);
        }
    }

    private void Apply(BackendChange change, Backend backend, long now)
    {
        backend.Apply(change, now);
        if (!backend.IsFailing)
        {
            _faults.AddRecovery(backend.Index, now);
        }
        else if (backend.IsListed)
        {
            // The failure of a backend that is not listed is not counted, because no client uses it.
            _faults.AddFailure(backend.Index, now);
        }
    }

    // A backend whose first change is to join does not exist before.
    private void MarkLateBackends()
    {
        foreach (var backend in _backends)
        {
            var first = Array.FindIndex(_changed, changed => changed.Contains(backend.Index));
            if (first >= 0 && _changes[first].Change == ChangeKind.Join)
            {
                backend.JoinLater();
            }
        }
    }
}
