using System.Net;

namespace ClientSideLb;

/// <summary>What one pick may depend on.</summary>
public readonly struct PickContext
{
    private readonly Random _random;
    private readonly TriedEndpoints? _tried;
    private readonly IReadOnlyCollection<ClusterEndpoint>? _excluded;
    private readonly PickKeys? _keys;
    private readonly object? _request;
    private readonly string? _hashKey;
    private readonly IPAddress? _clientIp;

    /// <summary>Creates a context, to test a strategy with.</summary>
    /// <param name="random">Where <see cref="Next"/> gets its numbers. It must be safe for as many threads as will pick.</param>
    /// <param name="hashKey">The request's hash key.</param>
    /// <param name="clientIp">The address of the caller on whose behalf the request is sent.</param>
    /// <param name="excluded">The endpoints that must not be picked.</param>
    public PickContext(
        Random random, string? hashKey = null, IPAddress? clientIp = null, IReadOnlyCollection<ClusterEndpoint>? excluded = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        _random = random;
        _hashKey = hashKey;
        _clientIp = clientIp;
        _excluded = excluded is { Count: > 0 } ? excluded : null;
    }

    internal PickContext(Random random, PickKeys keys, object request, TriedEndpoints? tried)
    {
        _random = random;
        _keys = keys;
        _request = request;
        _tried = tried is { Any: true } ? tried : null;
    }

    /// <summary>Gets the request's hash key: set on the request, chosen by the options, or else its path and query. It is computed when asked for.</summary>
    public string? HashKey => _keys is null ? _hashKey : _keys.GetHashKey(_request!);

    /// <summary>Gets the address of the caller on whose behalf the request is sent. It is computed when asked for.</summary>
    public IPAddress? ClientIp => _keys is null ? _clientIp : _keys.GetClientIp(_request!);

    /// <summary>Gets a value indicating whether any endpoint is excluded: nearly always none is, and a picker need not ask for each.</summary>
    public bool HasExclusions => _tried is not null || _excluded is not null;

    /// <summary>Tells whether an endpoint must not be picked, because this request has been there already.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>Whether it is excluded.</returns>
    public bool IsExcluded(ClusterEndpoint endpoint) =>
        HasExclusions && (_tried is not null ? _tried.Contains(endpoint) : _excluded!.Contains(endpoint));

    /// <summary>Draws a random number.</summary>
    /// <param name="bound">The exclusive upper bound, above 0.</param>
    /// <returns>A random number from 0 to <paramref name="bound"/> - 1.</returns>
    public int Next(int bound) => _random.Next(bound);

    /// <summary>Finds the first endpoint at or after an index, wrapping around, that is not excluded.</summary>
    internal ClusterEndpoint? FirstPermitted(ClusterEndpoint[] endpoints, int start)
    {
        for (var i = 0; i < endpoints.Length; i++)
        {
            var endpoint = endpoints[(int)(((uint)start + (uint)i) % (uint)endpoints.Length)];
            if (!IsExcluded(endpoint))
            {
                return endpoint;
            }
        }

        return null;
    }
}
