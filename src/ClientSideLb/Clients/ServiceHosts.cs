using System.Collections.Concurrent;
using ClientSideLb.Clusters;
using ClientSideLb.Endpoints;
using ClientSideLb.Requests;
using ClientSideLb.Strategies;

namespace ClientSideLb.Clients;

/// <summary>
/// The hosts that a client with static endpoints balances: the names of its service, and its endpoints. Any other host is foreign, such as that of a token
/// server. Its requests must not reach the endpoints, because their headers are meant for another server. Thread-safe.
/// </summary>
/// <remarks>
/// The names are the client's own and those of base addresses. A typed client may set its base address in its constructor, which no callback reports. So the
/// <see cref="HttpClient"/> objects made last are remembered, and asked for their base address when an unknown host comes.
/// </remarks>
internal sealed class ServiceHosts
{
    private const int MaxNames = 1000;
    private const int MaxClients = 32;
    private const int DefaultPort = -1;

    private readonly string _ownName;
    private readonly KnownHosts _hosts;
    private readonly Lazy<bool> _isConfigured;
    // By default, a dictionary has a lock for each core. Few threads write to this one, and an application may have hundreds of clients.
    private readonly ConcurrentDictionary<(string Name, int Port), byte> _names = new(concurrencyLevel: 1, capacity: 7);
    private readonly WeakReference<HttpClient>?[] _clients = new WeakReference<HttpClient>?[MaxClients];
    private volatile AddressStart? _start;
    private int _created;

    /// <param name="clientName">The name of the client.</param>
    /// <param name="hosts">The hosts of endpoints that have answered a request of the client.</param>
    /// <param name="createClient">Makes an <see cref="HttpClient"/> and drops it, so that the base address of its configuration is seen.</param>
    internal ServiceHosts(string clientName, KnownHosts hosts, Action createClient)
    {
        _ownName = GetName(DefaultBaseAddress.For(clientName));
        _hosts = hosts;

        // Requests that come together may each make a client. A lock would be held while code of the application runs.
        _isConfigured = new Lazy<bool>(() => TryCreate(createClient), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>Remembers a client that was made. If it has a base address already, that names the service.</summary>
    internal void Observe(HttpClient client)
    {
        if (client.BaseAddress is { } address && _start?.IsStartOf(address) != true)
        {
            Add(address);
        }

        ref var place = ref _clients[(uint)Interlocked.Increment(ref _created) % MaxClients];
        if (place is { } used)
        {
            used.SetTarget(client);
        }
        else
        {
            Volatile.Write(ref place, new WeakReference<HttpClient>(client));
        }
    }

    /// <summary>Tells whether the address of a request names the service or one of its endpoints.</summary>
    internal bool Contains(HttpRequestMessage request, Cluster cluster)
    {
        var address = request.RequestUri!;
        if (_start is { } start && start.IsStartOf(address))
        {
            return true;
        }

        if (!IsName(address))
        {
            return IsEndpoint(address, cluster) || IsNameByNow(request);
        }

        // Nearly every client has one service. Its addresses are recognized without parsing them.
        _start ??= AddressStart.Of(address);
        return true;
    }

    private bool IsName(Uri address)
    {
        // The client's name is logical, so that its port has no meaning.
        var name = GetName(address);
        return string.Equals(name, _ownName, StringComparison.Ordinal) || _names.ContainsKey((name, GetPort(address)));
    }

    private bool IsNameByNow(HttpRequestMessage request)
    {
        // If only the client's handler is used, its configuration has not run yet. A gRPC channel sends to its own address and to no other, but makes no
        // HttpClient that has it.
        if ((Volatile.Read(ref _created) == 0 && _isConfigured.Value && IsName(request.RequestUri!))
            || GrpcStatus.IsGrpc(request)
            || IsBaseAddressByNow(request.RequestUri!))
        {
            Add(request.RequestUri!);
            return true;
        }

        return false;
    }

    private bool IsBaseAddressByNow(Uri address)
    {
        var (name, port) = (GetName(address), GetPort(address));
        return Array.Exists(_clients, reference =>
            reference is not null
            && reference.TryGetTarget(out var client)
            && client.BaseAddress is { } known
            && GetPort(known) == port
            && string.Equals(GetName(known), name, StringComparison.Ordinal));
    }

    // The balancer puts the base path of an endpoint before the path of the request. A request to such an endpoint has it already, so it is not balanced.
    private bool IsEndpoint(Uri address, Cluster cluster)
    {
        var snapshot = cluster.Snapshot;
        var name = GetName(address);
        bool Matches(ClusterEndpoint endpoint) =>
            endpoint.Address.Port == address.Port && string.Equals(GetName(endpoint.Address), name, StringComparison.Ordinal);
        var endpoint = Array.Find(snapshot.Listed, Matches) ?? Array.Find(snapshot.Endpoints, Matches);

        // A link may name an endpoint that has been removed since.
        return endpoint is null ? _hosts.Contains(address) : endpoint.Location.BasePath.Length == 0;
    }

    private void Add(Uri address)
    {
        if (_names.Count < MaxNames)
        {
            _names.TryAdd((GetName(address), GetPort(address)), 0);
        }
    }

    private static bool TryCreate(Action createClient)
    {
        try
        {
            createClient();
            return true;
        }
        catch (Exception)
        {
            // The application's configuration of the client failed. The request does not need it.
            return false;
        }
    }

    // Case, international names, and the dot at the end of a full name make no difference.
    private static string GetName(Uri address) => AddressText.HasZone(address)
        ? AddressText.GetHost(address)
        : HostHeaderRules.RemoveEndpointName(address.IdnHost.TrimEnd('.')).ToLowerInvariant();

    private static int GetPort(Uri address) => address.IsDefaultPort || address.Port is 80 or 443 ? DefaultPort : address.Port;
}
