using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.PublicApi.Tests;

/// <summary>Counts how often the clock is read.</summary>
internal sealed class CountingTime : FakeTimeProvider
{
    private int _readings;

    internal int Readings => Volatile.Read(ref _readings);

    public override long GetTimestamp()
    {
        Interlocked.Increment(ref _readings);
        return base.GetTimestamp();
    }
}
