using System.IO.Hashing;
using System.Text;

namespace ClientSideLb.Strategies;

/// <summary>
/// Slots that endpoints own in proportion to their weights. A key belongs to the owner of the slot <c>hash mod size</c>. The method is that of
/// D. Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer" (NSDI 2016). Weights, hashes and the order of the endpoints
/// are those of Envoy, and so is every slot.
/// </summary>
internal sealed class MaglevTable
{
    private readonly SlotOwners _owners;
    private readonly Modulus _size;

    /// <param name="names">The names of the endpoints, sorted by their bytes.</param>
    /// <param name="weights">The weight of each endpoint, above 0.</param>
    /// <param name="indexes">The number that <see cref="GetOwner(ulong)"/> returns for each endpoint.</param>
    /// <param name="count">One more than the greatest of these numbers may be.</param>
    /// <param name="size">The number of slots, a prime.</param>
    internal MaglevTable(string[] names, int[] weights, int[] indexes, int count, int size)
    {
        _size = new Modulus(size);
        _owners = new SlotOwners(size, count);
        IsEmpty = names.Length == 0;
        if (!IsEmpty)
        {
            Fill(names, new MaglevTurns(weights), indexes, size);
        }
    }

    /// <summary>Gets a value indicating whether no endpoint owns a slot.</summary>
    internal bool IsEmpty { get; }

    /// <summary>Gets the owner of a key.</summary>
    internal int GetOwner(ulong hash) => _owners[_size.Of(hash)];

    /// <summary>Gets the owner of a key if those of the attempts before may not be used. Envoy chooses the endpoint of a retry in this way.</summary>
    /// <param name="hash">The hash of the key.</param>
    /// <param name="attempt">The number of the attempt, from 1.</param>
    internal int GetOwner(ulong hash, uint attempt) => GetOwner(hash ^ (ulong.MaxValue - attempt + 1));

    // Each endpoint has a sequence of slots of its own, which visits all slots: offset, offset + skip, offset + 2 skip and so on. At its turn, it takes
    // the first slot of its sequence that is free.
    private void Fill(string[] names, MaglevTurns turns, int[] indexes, int size)
    {
        var slots = new int[names.Length];
        var skips = new int[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var name = Encoding.UTF8.GetBytes(names[i]);
            slots[i] = (int)(XxHash64.HashToUInt64(name) % (ulong)size);
            skips[i] = (int)((XxHash64.HashToUInt64(name, seed: 1) % (ulong)(size - 1)) + 1);
        }

        var isTaken = new bool[size];
        for (var taken = 0; taken < size; taken++)
        {
            var endpoint = turns.Next();
            var (slot, skip) = (slots[endpoint], skips[endpoint]);
            while (isTaken[slot])
            {
                slot = Step(slot, skip, size);
            }

            isTaken[slot] = true;
            _owners[slot] = indexes[endpoint];
            slots[endpoint] = Step(slot, skip, size);
        }
    }

    private static int Step(int slot, int skip, int size) => slot + skip < size ? slot + skip : slot + skip - size;
}
