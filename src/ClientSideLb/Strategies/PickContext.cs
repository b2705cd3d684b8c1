using System.Net;
using ClientSideLb.Strategies;

namespace ClientSideLb;

/// <summary>The data that one pick may use.</summary>
public readonly struct PickContext
{
    private readonly Random? _random;
    private readonly TriedEndpoints? _tried;
    private readonly IReadOnlyCollection<ClusterEndpoint>? _excluded;
    private readonly PickKeys? _keys;
    private readonly object? _request;
    private readonly string? _hashKey;
    private readonly IPAddress? _clientIp;
    private readonly TimeSpan _now;
    private readonly Exclusions _exclusions;

    /// <summary>Creates a context. Use it to test a strategy.</summary>
    /// <param name="random">The source of the numbers for <see cref="Next"/>. If several threads pick, it must be thread-safe.</param>
    /// <param name="hashKey">The request's hash key.</param>
    /// <param name="clientIp">The address of the caller on whose behalf the request is sent.</param>
    /// <param name="excluded">The endpoints that must not be picked.</param>
    /// <param name="now">The time of the pick.</param>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is <see langword="null"/>.</exception>
    public PickContext(
        Random random,
        string? hashKey = null,
        IPAddress? clientIp = null,
        IReadOnlyCollection<ClusterEndpoint>? excluded = null,
        TimeSpan now = default)
    {
        ArgumentNullException.ThrowIfNull(random);
        _random = random;
        _hashKey = hashKey;
        _clientIp = clientIp;
        _excluded = excluded is { Count: > 0 } ? excluded : null;
        _now = now;
        _exclusions = _excluded is null ? Exclusions.None : Exclusions.Tried;
    }

    internal PickContext(Random random, PickKeys keys, object request, TriedEndpoints? tried, TimeSpan now)
    {
        _random = random;
        _keys = keys;
        _request = request;
        _now = now;
        if (tried is { Any: true })
        {
            (_tried, _exclusions) = (tried, Exclusions.Tried);
        }
    }

    private PickContext(in PickContext context, Exclusions exclusions)
    {
        this = context;
        _exclusions = exclusions;
    }

    private PickContext(TriedEndpoints tried)
    {
        if (tried.Any)
        {
            (_tried, _exclusions) = (tried, Exclusions.Tried);
        }
    }

    [Flags]
    private enum Exclusions : byte
    {
        None = 0,
        Tried = 1,
        Full = 2,
    }

    /// <summary>
    /// Gets the time of the pick on a clock that never goes back. Its zero is arbitrary. Compare it only with
    /// <see cref="AttemptResult.EndedAt"/> of the same cluster.
    /// </summary>
    public TimeSpan Now => _now;

    /// <summary>
    /// Gets the request's hash key: the one set on the request, else the one that the options choose, else the path and query. It is
    /// computed when it is read.
    /// </summary>
    public string? HashKey => _keys is null ? _hashKey : _keys.GetHashKey(_request!);

    /// <summary>Gets the address of the caller on whose behalf the request is sent. It is computed when it is read.</summary>
    public IPAddress? ClientIp => _keys is null ? _clientIp : _keys.GetClientIp(_request!);

    /// <summary>Gets a value indicating whether any endpoint is excluded. Nearly always none is, and a picker need not check each endpoint.</summary>
    public bool HasExclusions => _exclusions != Exclusions.None;

    /// <summary>Gets a value indicating whether the request has been sent to an endpoint already.</summary>
    internal bool HasTried => (_exclusions & Exclusions.Tried) != 0;

    /// <summary>
    /// Tells whether an endpoint must not be picked, because this request has been sent to it already, or because the requests in flight there have reached
    /// its limit (<see cref="ClusterEndpoint.Limit"/>).
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>Whether it is excluded.</returns>
    /// <remarks>
    /// The first pick of a request excludes no endpoint for its limit. If the endpoint that it picks is full, the request is picked for again, and then all
    /// endpoints that are full are excluded. Places come and go, so two calls may give different answers.
    /// </remarks>
    public bool IsExcluded(ClusterEndpoint endpoint) =>
        HasExclusions && (IsTried(endpoint) || ((_exclusions & Exclusions.Full) != 0 && !endpoint.HasRoom));

    /// <summary>Tells whether the request has been sent to an endpoint already.</summary>
    internal bool IsTried(ClusterEndpoint endpoint) =>
        HasTried && (_tried is not null ? _tried.Contains(endpoint) : _excluded!.Contains(endpoint));

    /// <summary>Makes the same context, except that endpoints without room are excluded.</summary>
    internal PickContext NeedingRoom() => new(in this, _exclusions | Exclusions.Full);

    /// <summary>Creates the context of a search that excludes the endpoints that a request has been sent to.</summary>
    internal static PickContext Excluding(TriedEndpoints tried) => new(tried);

    /// <summary>Draws a random number.</summary>
    /// <param name="bound">The exclusive upper bound, above 0.</param>
    /// <returns>A random number from 0 to <paramref name="bound"/> - 1; always 0 if the context is a default value, which has no source of numbers.</returns>
    public int Next(int bound) => _random is null ? 0 : _random.Next(bound);

    /// <summary>Finds the first endpoint at or after an index, wrapping around, that is not excluded.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="start">The index to start at. Any number will do: it is taken modulo the number of endpoints.</param>
    /// <returns>The endpoint, or <see langword="null"/> if all are excluded.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> is <see langword="null"/>.</exception>
    public ClusterEndpoint? FindPermitted(IReadOnlyList<ClusterEndpoint> endpoints, int start)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        for (var i = 0; i < endpoints.Count; i++)
        {
            var endpoint = endpoints[(int)(((uint)start + (uint)i) % (uint)endpoints.Count)];
            if (!IsExcluded(endpoint))
            {
                return endpoint;
            }
        }

        return null;
    }
}
