using System.Text.Json;
using ClientSideLb.AspNetCore.Status;

namespace ClientSideLb.AspNetCore.Page;

/// <summary>The status that is sent to all viewers. However many viewers there are, it is read twice a second at most.</summary>
internal sealed class StatusFeed(StatusReader reader, TimeProvider time)
{
    /// <summary>The time between two events of one viewer.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Timers that fire within half an interval of each other share one reading, and no timer gets the same reading twice.
    private static readonly TimeSpan MaxAge = Interval / 2;

    private readonly Lock _reading = new();
    private byte[] _json = [];
    private long? _readAt;

    /// <summary>Gets the status as UTF-8 JSON, at most half a second old.</summary>
    internal ReadOnlyMemory<byte> GetJson()
    {
        lock (_reading)
        {
            if (_readAt is not { } readAt || time.GetElapsedTime(readAt) >= MaxAge)
            {
                var status = PageStatus.Read(reader, time, antiforgery: null);
                _json = JsonSerializer.SerializeToUtf8Bytes(status, PageJson.Default.PageStatus);
                _readAt = time.GetTimestamp();
            }

            return _json;
        }
    }
}
