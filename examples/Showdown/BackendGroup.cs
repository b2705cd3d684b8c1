using System.Collections;

namespace Showdown;

/// <summary>All replicas of the service, with different weights and speeds.</summary>
internal sealed class BackendGroup : IReadOnlyList<Backend>, IDisposable
{
    internal const int MinCount = 2;
    internal const int MaxCount = 50;

    /// <summary>The number of the backend that is clearly slower than the others.</summary>
    internal const int SlowNumber = 2;

    private const int SlowLatency = 60;

    private static readonly int[] Weights = [5, 3, 2, 1, 1];
    private static readonly int[] Latencies = [10, 15, 5, 20];

    private readonly Backend[] _backends;

    private BackendGroup(IEnumerable<Backend> backends) => _backends = [.. backends];

    public int Count => _backends.Length;

    public Backend this[int index] => _backends[index];

    internal static async Task<BackendGroup> StartAsync(int count, CancellationToken cancellationToken)
    {
        var group = new BackendGroup(Enumerable.Range(1, count).Select(Create));
        try
        {
            foreach (var backend in group)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await backend.StartAsync();
            }

            await WarmUpAsync(group, cancellationToken);
            return group;
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    public IEnumerator<Backend> GetEnumerator() => _backends.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (var backend in _backends)
        {
            backend.Dispose();
        }
    }

    private static Backend Create(int number)
    {
        var latency = number == SlowNumber ? SlowLatency : Latencies[(number - 1) % Latencies.Length];
        return new Backend(number, Weights[(number - 1) % Weights.Length], TimeSpan.FromMilliseconds(latency));
    }

    // During the first requests of a process its code is compiled. Without a warm-up, the first strategy would look slow.
    private static async Task WarmUpAsync(BackendGroup group, CancellationToken cancellationToken)
    {
        const int RequestsEach = 20;

        using var client = new HttpClient();
        await Task.WhenAll(group.Select(async backend =>
        {
            for (var i = 0; i < RequestsEach; i++)
            {
                await client.GetStringAsync(backend.Address, cancellationToken);
            }
        }));
    }
}
