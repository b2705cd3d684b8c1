namespace ClientSideLb.Strategies;

/// <summary>Visits all endpoints in the order of one key. It may visit an endpoint again.</summary>
/// <remarks>
/// Envoy shuffles a list of the endpoints for each such request. A sequence of random endpoints needs no list, and their first visits are in a random
/// order, too. Nearly always one of the first few endpoints will do.
/// </remarks>
internal struct KeyWalk
{
    // An endpoint is not among the random ones with a probability of e^-4. So each one is visited once more at the end.
    private const int RandomRounds = 4;

    private readonly int[] _endpoints;
    private ulong _state;
    private int _place;
    private long _visits;

    /// <param name="endpoints">The indexes of the endpoints.</param>
    /// <param name="hash">The hash of the key.</param>
    internal KeyWalk(int[] endpoints, ulong hash)
    {
        _endpoints = endpoints;
        _state = hash;
    }

    /// <summary>Gets the index of the present endpoint.</summary>
    public readonly int Current => _endpoints[_place];

    /// <summary>Gets this walk, so that it can be used in a <c>foreach</c> loop.</summary>
    public readonly KeyWalk GetEnumerator() => this;

    /// <summary>Moves to the next endpoint.</summary>
    public bool MoveNext()
    {
        var random = (long)RandomRounds * _endpoints.Length;
        if (_visits >= random + _endpoints.Length)
        {
            return false;
        }

        _place = _visits < random ? (int)Math.BigMul(Draw(), (ulong)_endpoints.Length, out _) :
            _place + 1 < _endpoints.Length ? _place + 1 : 0;
        _visits++;
        return true;
    }

    // The generator SplitMix64 (G. Steele, D. Lea and C. Flood, "Fast Splittable Pseudorandom Number Generators", 2014). Strategies find the owner of a
    // key by some bits of the same hash, and the numbers must not follow from these bits: else all keys of an endpoint would move to the same other one.
    private ulong Draw()
    {
        _state += 0x9e3779b97f4a7c15;
        var bits = (_state ^ (_state >> 30)) * 0xbf58476d1ce4e5b9;
        bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
        return bits ^ (bits >> 31);
    }
}
