namespace ClientSideLb.Simulator.Tool;

/// <summary>Maps values to places on an axis.</summary>
/// <param name="From">The value at which the axis begins.</param>
/// <param name="To">The value at which it ends.</param>
/// <param name="IsLogarithmic">Whether equal lengths on the axis are equal factors, and not equal differences.</param>
/// <param name="Ticks">The marks on the axis, in ascending order.</param>
internal sealed record Scale(double From, double To, bool IsLogarithmic, IReadOnlyList<Tick> Ticks)
{
    /// <summary>Gets the place of a value on the axis.</summary>
    /// <returns>0 for <see cref="From"/>, 1 for <see cref="To"/>.</returns>
    internal double GetPlace(double value) => IsLogarithmic
        ? (Math.Log10(value) - Math.Log10(From)) / (Math.Log10(To) - Math.Log10(From))
        : (value - From) / (To - From);
}
