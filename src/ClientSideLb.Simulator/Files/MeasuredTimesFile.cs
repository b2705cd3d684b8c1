using System.Globalization;

namespace ClientSideLb.Simulator.Files;

/// <summary>Reads files of measured service times.</summary>
internal static class MeasuredTimesFile
{
    /// <summary>Reads a file with one time in milliseconds on each line. Empty lines are skipped.</summary>
    /// <exception cref="FormatException">A line is not a time above 0.</exception>
    internal static List<double> Read(string path)
    {
        var times = new List<double>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            times.Add(double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var time) && time > 0
                ? time
                : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"its line {number} is '{line}'; expected a time in milliseconds, above 0.")));
        }

        return times;
    }
}
