using System.Globalization;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Writes values with their units, as plots show them.</summary>
internal static class Units
{
    internal static string Format(double value) => value.ToString("0.#######", CultureInfo.InvariantCulture);

    internal static string FormatMilliseconds(double value) => value switch
    {
        0 => "0",
        < 1 => $"{Format(Math.Round(value * 1000, 3))} µs",
        < 1000 => $"{Format(value)} ms",
        _ => $"{Format(value / 1000)} s",
    };

    /// <summary>Writes a part of a whole, from 0 to 1, as a percentage.</summary>
    internal static string FormatPart(double value) => $"{Format(value * 100)} %";

    internal static string FormatRate(double value) => $"{Format(value)} /s";
}
