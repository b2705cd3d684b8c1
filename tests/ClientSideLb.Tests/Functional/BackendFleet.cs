using System.Collections;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClientSideLb.Tests.Functional;

/// <summary>Several backends of one service.</summary>
internal sealed class BackendFleet : IReadOnlyList<Backend>, IAsyncDisposable
{
    private readonly Backend[] _backends;

    private BackendFleet(Backend[] backends) => _backends = backends;

    public int Count => _backends.Length;

    /// <summary>Gets the number of requests of each backend.</summary>
    internal int[] Counts => Array.ConvertAll(_backends, static backend => backend.Count);

    public Backend this[int index] => _backends[index];

    internal static Task<BackendFleet> StartAsync(
        int count, RequestDelegate? handle = null, HttpProtocols protocols = HttpProtocols.Http1, X509Certificate2? certificate = null) =>
        StartAsync(Enumerable.Range(0, count).Select(_ => Backend.StartAsync(handle, protocols, certificate)));

    internal static async Task<BackendFleet> StartAsync(IEnumerable<Task<Backend>> starting) => new(await Task.WhenAll(starting));

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }
    }

    public IEnumerator<Backend> GetEnumerator() => _backends.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
