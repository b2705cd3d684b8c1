using System.Globalization;
using ClientSideLb.Simulator.Backends;

namespace ClientSideLb.Simulator.Scenarios;

/// <summary>Collects the faults of a scenario.</summary>
internal sealed class FaultList
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly List<ScenarioFault> _faults = [];

    internal IReadOnlyList<ScenarioFault> Faults => _faults;

    internal void Add(string path, FormattableString what) => _faults.Add(new ScenarioFault(path, what.ToString(CultureInfo.InvariantCulture)));

    internal void CheckPositive(string path, double value)
    {
        if (value is not (> 0 and < double.PositiveInfinity))
        {
            Add(path, $"is {value}; expected above 0.");
        }
    }

    internal void CheckRange<T>(string path, T value, T least, T most)
        where T : IComparable<T>
    {
        if (!(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0))
        {
            Add(path, $"is {value}; expected from {least} to {most}.");
        }
    }

    /// <summary>Checks a time that has no other upper bound than a day.</summary>
    internal void CheckTime(string path, TimeSpan value, TimeSpan least) => CheckRange(path, value, least, Longest);

    /// <summary>Checks a time that must be above 0.</summary>
    internal void CheckPositiveTime(string path, TimeSpan value) => CheckTime(path, value, TimeSpan.FromTicks(1));

    internal void CheckZone(string path, string? zone)
    {
        if (zone is not null && string.IsNullOrWhiteSpace(zone))
        {
            Add(path, $"is '{zone}'; expected a name. Leave it out for no zone.");
        }
    }

    /// <summary>Checks a list of backends.</summary>
    /// <param name="path">The place of the list.</param>
    /// <param name="list">The list.</param>
    /// <param name="count">The number of backends in the scenario.</param>
    internal void CheckBackends(string path, string list, int count)
    {
        try
        {
            BackendList.Parse(list, count);
        }
        catch (FormatException failure)
        {
            Add(path, $"{failure.Message}");
        }
    }
}
