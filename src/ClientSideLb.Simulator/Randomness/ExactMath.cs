namespace ClientSideLb.Simulator.Randomness;

/// <summary>
/// Logarithm and exponential, computed only by additions, multiplications and divisions. IEEE 754 defines those exactly, so that every
/// machine gets the same result. The functions of <see cref="Math"/> come from the C library of the platform and differ in the last digit.
/// </summary>
internal static class ExactMath
{
    private const double Ln2 = 0.693147180559945309417232121458;
    private const int MantissaBits = 52;
    private const int Bias = 1023;

    /// <summary>Computes the natural logarithm of a normal positive number, with a relative error below 1e-14.</summary>
    internal static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> MantissaBits) - Bias;
        var mantissa = BitConverter.Int64BitsToDouble((bits & ((1L << MantissaBits) - 1)) | ((long)Bias << MantissaBits));
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 artanh((m - 1) ÷ (m + 1)). The argument is below 0.1716, and so eleven terms are enough.
        var t = (mantissa - 1) / (mantissa + 1);
        var square = t * t;
        var sum = 0.0;
        for (var i = 21; i >= 1; i -= 2)
        {
            sum = (sum * square) + (1.0 / i);
        }

        return (exponent * Ln2) + (2 * t * sum);
    }

    /// <summary>Computes e to the power of a number between -700 and 700, with a relative error below 1e-13.</summary>
    internal static double Exp(double x)
    {
        var power = (int)Math.Floor((x / Ln2) + 0.5);
        var rest = x - (power * Ln2);

        // The rest is below 0.3466, and so fourteen terms are enough.
        var sum = 1.0;
        for (var i = 14; i >= 1; i--)
        {
            sum = 1 + (rest / i * sum);
        }

        return sum * BitConverter.Int64BitsToDouble((long)(power + Bias) << MantissaBits);
    }

    /// <summary>Raises a positive number to a power.</summary>
    internal static double Pow(double x, double power) => Exp(power * Log(x));
}
