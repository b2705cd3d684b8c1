using System.Text.Json.Nodes;

namespace ClientSideLb.Kubernetes.Tests.Server;

/// <summary>The objects of a cluster, with one version that counts all changes, as etcd has it. Thread-safe.</summary>
internal sealed class ApiStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (string Resource, JsonObject Object)> _objects = new(StringComparer.Ordinal);
    private readonly List<ApiEvent> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 1000;
    private long _compacted;

    internal long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    /// <summary>Adds or replaces an object.</summary>
    internal void Set(string resource, JsonObject given) => Set([(resource, given)]);

    /// <summary>Adds or replaces several objects, one right after the other.</summary>
    internal void Set(IEnumerable<(string Resource, JsonObject Object)> objects)
    {
        lock (_lock)
        {
            foreach (var (resource, given) in objects)
            {
                var copy = given.DeepClone().AsObject();
                var key = GetKey(resource, copy);
                var type = _objects.ContainsKey(key) ? "MODIFIED" : "ADDED";
                copy["metadata"]!["resourceVersion"] = $"{++_version}";
                _objects[key] = (resource, copy);
                _events.Add(new ApiEvent(_version, type, resource, copy));
            }
        }

        Signal();
    }

    internal void Delete(string resource, string space, string name)
    {
        lock (_lock)
        {
            if (_objects.Remove($"{resource}/{space}/{name}", out var removed))
            {
                var copy = removed.Object.DeepClone().AsObject();
                copy["metadata"]!["resourceVersion"] = $"{++_version}";
                _events.Add(new ApiEvent(_version, "DELETED", resource, copy));
            }
        }

        Signal();
    }

    /// <summary>Counts changes of objects that nobody asks for.</summary>
    internal void Age(int changes)
    {
        lock (_lock)
        {
            _version += changes;
        }
    }

    /// <summary>Forgets what has happened up to now. A watch that begins earlier is refused from then on.</summary>
    internal void Compact()
    {
        lock (_lock)
        {
            _compacted = _version;
            _events.Clear();
        }
    }

    internal bool IsCompacted(long version)
    {
        lock (_lock)
        {
            return version < _compacted;
        }
    }

    internal (List<JsonObject> Objects, long Version) List(string resource, Func<JsonObject, bool> filter)
    {
        lock (_lock)
        {
            return ([.. _objects.Values.Where(one => one.Resource == resource && filter(one.Object)).Select(static one => one.Object)], _version);
        }
    }

    /// <summary>Gets what has happened after a version, and a task that completes when there is more.</summary>
    internal (List<ApiEvent> Events, Task More) GetEvents(string resource, long after)
    {
        lock (_lock)
        {
            return ([.. _events.Where(one => one.Resource == resource && one.Version > after)], _changed.Task);
        }
    }

    private static string GetKey(string resource, JsonObject given) =>
        $"{resource}/{given["metadata"]!["namespace"]?.GetValue<string>()}/{given["metadata"]!["name"]!.GetValue<string>()}";

    private void Signal() =>
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
