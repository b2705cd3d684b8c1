using System.Collections.Immutable;
using System.Text.Json;
using ClientSideLb.Kubernetes.Names;
using ClientSideLb.Kubernetes.Slices;
using ClientSideLb.Kubernetes.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Kubernetes.Watching;

/// <summary>The slices of a service. A slice that cannot be read keeps its last good state.</summary>
/// <remarks>One thread at a time may write. Any may read.</remarks>
internal sealed class SliceBook(KubernetesServiceName service, KubernetesMetrics metrics, ILogger logger)
{
    private volatile ImmutableDictionary<string, Slice> _slices = ImmutableDictionary<string, Slice>.Empty;

    /// <summary>Gets the slices by name. While nothing changes, it is the same object.</summary>
    internal ImmutableDictionary<string, Slice> Slices => _slices;

    /// <summary>Takes a whole list. Slices that are not in it are removed.</summary>
    internal void Replace(IEnumerable<JsonElement> items)
    {
        var known = _slices;
        var slices = ImmutableDictionary.CreateBuilder<string, Slice>();
        foreach (var item in items)
        {
            if ((Read(item) ?? known.GetValueOrDefault(SliceReader.GetName(item))) is { } slice)
            {
                slices[slice.Name] = slice;
            }
        }

        var replaced = slices.ToImmutable();
        if (replaced.Count != known.Count || replaced.Any(one => !one.Value.Equals(known.GetValueOrDefault(one.Key))))
        {
            _slices = replaced;
        }
    }

    /// <summary>Takes a slice that is new or has changed.</summary>
    internal void Set(JsonElement item)
    {
        if (Read(item) is { } slice)
        {
            _slices = _slices.SetItem(slice.Name, slice);
        }
    }

    /// <summary>Forgets a slice.</summary>
    internal void Remove(JsonElement item) => _slices = _slices.Remove(SliceReader.GetName(item));

    private Slice? Read(JsonElement item)
    {
        try
        {
            return SliceReader.Read(item);
        }
        catch (FormatException fault)
        {
            metrics.Failed("malformed", "read");
            logger.SliceMalformed(service, SliceReader.GetName(item), fault.Message);
            return null;
        }
    }
}
