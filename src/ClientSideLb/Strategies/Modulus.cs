namespace ClientSideLb.Strategies;

/// <summary>
/// Computes remainders of 64-bit hashes by a constant divisor. It multiplies by a reciprocal (P. Barrett, 1986), because a division of 64-bit
/// numbers takes longer than the rest of a look-up.
/// </summary>
internal readonly struct Modulus
{
    private readonly ulong _divisor;
    private readonly ulong _reciprocal;

    /// <param name="divisor">The divisor, 2 or more.</param>
    internal Modulus(int divisor)
    {
        _divisor = (ulong)divisor;

        // The floor of 2^64 / divisor. If the divisor is a power of two, it is less by one, which the correction below covers.
        _reciprocal = ulong.MaxValue / _divisor;
    }

    /// <summary>Computes <c>hash mod divisor</c>.</summary>
    internal int Of(ulong hash)
    {
        // The estimate of the quotient is exact or too low by one.
        var remainder = hash - (Math.BigMul(hash, _reciprocal, out _) * _divisor);
        return (int)(remainder >= _divisor ? remainder - _divisor : remainder);
    }
}
