using CsCheck;

namespace ClientSideLb.Tests;

/// <summary>Generates one of the given values.</summary>
internal static class AnyOf
{
    internal static Gen<T> These<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
