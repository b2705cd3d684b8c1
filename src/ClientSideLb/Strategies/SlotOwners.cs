namespace ClientSideLb.Strategies;

/// <summary>
/// The number of an endpoint for each slot of a table, in as few bytes as the number of endpoints permits: one up to 256 endpoints, two up to
/// 65,536, else four. A small table stays in the processor's caches.
/// </summary>
internal sealed class SlotOwners
{
    private readonly byte[]? _bytes;
    private readonly ushort[]? _shorts;
    private readonly int[]? _ints;

    internal SlotOwners(int slots, int endpoints)
    {
        if (endpoints <= byte.MaxValue + 1)
        {
            _bytes = new byte[slots];
        }
        else if (endpoints <= ushort.MaxValue + 1)
        {
            _shorts = new ushort[slots];
        }
        else
        {
            _ints = new int[slots];
        }
    }

    internal int this[int slot]
    {
        get => _bytes is not null ? _bytes[slot] : _shorts is not null ? _shorts[slot] : _ints![slot];
        set
        {
            if (_bytes is not null)
            {
                _bytes[slot] = (byte)value;
            }
            else if (_shorts is not null)
            {
                _shorts[slot] = (ushort)value;
            }
            else
            {
                _ints![slot] = value;
            }
        }
    }
}
