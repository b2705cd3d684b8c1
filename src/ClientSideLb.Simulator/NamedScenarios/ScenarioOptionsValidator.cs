using System.Globalization;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Checks the options of a named scenario.</summary>
internal static class ScenarioOptionsValidator
{
    internal static void ThrowIfNotValid(ScenarioOptions options, ScenarioOptions defaults)
    {
        if (options.Strategy is not null)
        {
            ScenarioStrategies.Of(options.Strategy);
        }

        // A scenario that compares backends needs two of them.
        var fewest = defaults.Backends == 1 ? 1 : 2;
        Check("number of backends", options.Backends, backends => backends >= fewest && backends <= 10_000, string.Create(CultureInfo.InvariantCulture, $"from {fewest} to 10000"));
        Check("number of clients", options.Clients, static clients => clients is >= 1 and <= 10_000, "from 1 to 10000");
        Check("load", options.Load, static load => load is > 0 and <= 10, "above 0, up to 10; 0.8 is a busy service");
        Check("duration", options.Duration, static time => time >= TimeSpan.FromSeconds(1) && time <= TimeSpan.FromHours(24), "from a second to a day");
        Check("fault", options.Fault, static fault => fault is ChangeKind.Refuse or ChangeKind.Hang or ChangeKind.Error, "refuse, hang or error");
    }

    private static void Check<T>(string name, T? value, Func<T, bool> isValid, string expected)
        where T : struct
    {
        if (value is { } given && !isValid(given))
        {
            throw new ScenarioException(string.Create(CultureInfo.InvariantCulture, $"The {name} is {given}; expected {expected}."));
        }
    }
}
