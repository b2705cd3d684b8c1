using System.Text.Json;

namespace ClientSideLb;

/// <summary>What all who watch get, put together once a second however many they are.</summary>
internal sealed class StatusFeed(StatusReader reader, TimeProvider time)
{
    /// <summary>How often there is something new.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Timers of viewers that started together do not fire in the same instant.
    private static readonly TimeSpan Freshness = Interval / 2;

    private readonly Lock _reading = new();
    private byte[] _json = [];
    private long? _readAt;

    /// <summary>Gets the status as UTF-8 JSON, not older than half a second.</summary>
    internal ReadOnlyMemory<byte> Current()
    {
        lock (_reading)
        {
            if (_readAt is not { } readAt || time.GetElapsedTime(readAt) >= Freshness)
            {
                _json = JsonSerializer.SerializeToUtf8Bytes(reader.Read(), StatusJson.Default.LoadBalancingStatus);
                _readAt = time.GetTimestamp();
            }

            return _json;
        }
    }
}
