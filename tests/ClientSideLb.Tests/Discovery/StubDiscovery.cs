using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests;

/// <summary>The service discovery of an application. It knows one service.</summary>
internal sealed class StubDiscovery(string service) : IServiceEndpointProviderFactory, INameAwareEndpointProvider
{
    private volatile EndPoint[] _found = [];
    private CancellationTokenSource _changed = new();
    private int _asked;

    internal int Asked => Volatile.Read(ref _asked);

    internal Exception? Fault { get; set; }

    internal string? HostName { get; set; }

    /// <summary>Gets or sets what is known of each endpoint besides its address.</summary>
    internal Func<EndPoint, EndpointMetadata?> Describe { get; set; } = static _ => null;

    public bool KnowsName { get; set; } = true;

    /// <summary>Gets or sets a task that must end before an answer is given.</summary>
    internal Task Ready { get; set; } = Task.CompletedTask;

    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = query.ServiceName == service ? this : null;
        return provider is not null;
    }

    public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        await Ready.WaitAsync(cancellationToken);
        if (Fault is not null)
        {
            throw Fault;
        }

        endpoints.AddChangeToken(new CancellationChangeToken(_changed.Token));
        foreach (var found in _found)
        {
            var endpoint = ServiceEndpoint.Create(found);
            if (HostName is not null)
            {
                endpoint.Features.Set<IHostNameFeature>(new Name(HostName));
            }

            endpoint.Features.Set(Describe(found));
            endpoints.Endpoints.Add(endpoint);
        }
    }

    public ValueTask DisposeAsync() => default;

    internal void Find(params string[] addresses) => _found = [.. addresses.Select(static address => new UriEndPoint(new Uri(address)))];

    internal void Find(params EndPoint[] endPoints) => _found = endPoints;

    internal void Change() => Interlocked.Exchange(ref _changed, new CancellationTokenSource()).Cancel();

    private sealed record Name(string HostName) : IHostNameFeature;
}
