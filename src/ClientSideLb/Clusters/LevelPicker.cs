using ClientSideLb.Strategies;

namespace ClientSideLb.Clusters;

/// <summary>
/// Chooses a level by its share, and lets the level's own picker choose the endpoint. A choice of a level costs O(1). If the level has no endpoint for the
/// request, the next one is asked.
/// </summary>
internal sealed class LevelPicker : EndpointPicker
{
    // Independent of the seeds with which the strategy hashes an address.
    private const int LevelSeed = 1 << 20;

    private readonly Level[] _levels;
    private readonly EndpointPicker[] _pickers;
    private readonly KeyKind _keys;

    // The level of each per cent.
    private readonly byte[] _levelOf = new byte[LevelShares.Whole];

    // The level of each endpoint, only for strategies that learn from results.
    private readonly Dictionary<ClusterEndpoint, int>? _levelOfEndpoint;

    /// <param name="levels">The levels.</param>
    /// <param name="pickers">The picker of each level.</param>
    /// <param name="shares">The share of each level, in per cent.</param>
    /// <param name="keys">The kind of key that the strategy hashes. Requests with equal keys go to the same level.</param>
    /// <param name="previous">The picker before this one, or <see langword="null"/>.</param>
    internal LevelPicker(Level[] levels, EndpointPicker[] pickers, int[] shares, KeyKind keys, LevelPicker? previous)
    {
        _levels = levels;
        _pickers = pickers;
        _keys = keys;
        Learns = Array.Exists(pickers, static picker => picker.ObservesResults());
        if (Learns)
        {
            _levelOfEndpoint = (ReferenceEquals(levels, previous?._levels) ? previous._levelOfEndpoint : null) ?? MapEndpoints(levels);
        }

        var next = 0;
        for (var level = 0; level < shares.Length; level++)
        {
            Array.Fill(_levelOf, (byte)level, next, shares[level]);
            next += shares[level];
        }
    }

    /// <summary>Gets a value indicating whether the picker of any level learns from results.</summary>
    internal bool Learns { get; }

    /// <summary>Finds the picker of a level in an earlier division, so that the strategy can reuse its work.</summary>
    internal EndpointPicker? FindPicker(Level level)
    {
        var index = Array.FindIndex(_levels, other => (other.Priority, other.IsLocal) == (level.Priority, level.IsLocal));
        return index < 0 ? null : _pickers[index];
    }

    public override ClusterEndpoint? Pick(in PickContext context)
    {
        var first = context.HasTried && TryFindLatest(in context, out var latest) ? latest : _levelOf[ChoosePerCent(in context)];
        for (var i = 0; i < _pickers.Length; i++)
        {
            if (_pickers[(first + i) % _pickers.Length].Pick(in context) is { } endpoint && !context.IsExcluded(endpoint))
            {
                return endpoint;
            }
        }

        return null;
    }

    public override void OnAttemptEnded(in AttemptResult result) => FindLearner(result.Endpoint)?.OnAttemptEnded(in result);

    public override TimeSpan? GetLatencyEstimate(ClusterEndpoint endpoint, TimeSpan now) =>
        FindPicker(endpoint)?.GetLatencyEstimate(endpoint, now);

    // A strategy may have estimates without learning from results, and then there is no map of the endpoints. The endpoints of a local level have one zone.
    private EndpointPicker? FindPicker(ClusterEndpoint endpoint)
    {
        var index = Array.FindIndex(_levels, level => level.Priority == endpoint.Priority && (!level.IsLocal || level.Endpoints[0].Zone == endpoint.Zone));
        return index < 0 ? null : _pickers[index];
    }

    private int ChoosePerCent(in PickContext context)
    {
        if (_keys == KeyKind.ClientIp && context.ClientIp is { } clientIp)
        {
            return AddressHash.GetIndex(clientIp, LevelSeed, LevelShares.Whole);
        }

        if (_keys == KeyKind.HashKey && context.HashKey is { } key)
        {
            // Mixed, because the strategy places the key by the same hash.
            const ulong GoldenRatio = 0x9E3779B97F4A7C15;
            return (int)Math.BigMul(KeyHash.Of(key) * GoldenRatio, (ulong)LevelShares.Whole, out _);
        }

        return context.Next(LevelShares.Whole);
    }

    // A request that moves first tries the other endpoints of the level in which it was last. A full endpoint does not count, because the request was not
    // sent to it.
    private bool TryFindLatest(in PickContext context, out int level)
    {
        for (level = _levels.Length - 1; level >= 0; level--)
        {
            foreach (var endpoint in _levels[level].Endpoints)
            {
                if (context.IsTried(endpoint))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private EndpointPicker? FindLearner(ClusterEndpoint endpoint) =>
        _levelOfEndpoint is not null && _levelOfEndpoint.TryGetValue(endpoint, out var level) ? _pickers[level] : null;

    private static Dictionary<ClusterEndpoint, int> MapEndpoints(Level[] levels) =>
        levels.SelectMany(static (level, index) => level.Endpoints.Select(endpoint => (endpoint, index))).ToDictionary();
}
