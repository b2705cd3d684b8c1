using ClientSideLb.Simulator.Backends;

namespace ClientSideLb.Simulator.Scenarios;

/// <summary>Finds all faults of a scenario at once.</summary>
internal sealed class ScenarioValidator
{
    private const int MaxBackends = 100_000;
    private const int MaxWeight = ushort.MaxValue;
    private const int MaxPriority = 127;
    private const double MinQuota = 0.001;
    private const int MaxQuota = 1_000_000;
    private static readonly TimeSpan LongestRoundTrip = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly FaultList _faults = new();

    internal static IReadOnlyList<ScenarioFault> FindFaults(Scenario scenario)
    {
        var validator = new ScenarioValidator();
        validator.Check(scenario);
        return validator._faults.Faults;
    }

    internal static void ThrowIfNotValid(Scenario scenario)
    {
        var faults = FindFaults(scenario);
        if (faults.Count > 0)
        {
            throw new ScenarioException($"The scenario '{scenario.Name}' cannot be run: {string.Join(Environment.NewLine, faults)}");
        }
    }

    private void Check(Scenario scenario)
    {
        _faults.CheckTime("duration", scenario.Duration, Millisecond);
        if (scenario.WarmUp < TimeSpan.Zero || scenario.WarmUp >= scenario.Duration)
        {
            _faults.Add("warmUp", $"is {scenario.WarmUp}; expected from 0 to below the duration, {scenario.Duration}.");
        }

        CheckRoundTrips(scenario);
        CheckClients(scenario);
        if (scenario.Backends.Count == 0)
        {
            _faults.Add("backends", $"is empty; expected at least one group.");
        }

        for (var i = 0; i < scenario.Backends.Count; i++)
        {
            Check($"backends[{i}]", scenario.Backends[i]);
        }

        if (scenario.BackendCount > MaxBackends)
        {
            _faults.Add("backends", $"has {scenario.BackendCount} in all; expected up to {MaxBackends}.");
        }

        for (var i = 0; i < scenario.Changes.Count; i++)
        {
            Check($"changes[{i}]", scenario.Changes[i], scenario);
        }
    }

    private void CheckRoundTrips(Scenario scenario)
    {
        _faults.CheckRange("roundTrip", scenario.RoundTrip, TimeSpan.Zero, LongestRoundTrip);
        if (scenario.CrossZoneRoundTrip is not { } crossZone)
        {
            return;
        }

        if (crossZone < scenario.RoundTrip || crossZone > LongestRoundTrip)
        {
            _faults.Add("crossZoneRoundTrip", $"is {crossZone}; expected from the roundTrip, {scenario.RoundTrip}, to {LongestRoundTrip}.");
        }
        else if (scenario.Clients.All(static group => group.Zone is null))
        {
            _faults.Add("crossZoneRoundTrip", $"is set, but no clients have a zone.");
        }
        else if (scenario.Backends.All(static group => group.Zone is null))
        {
            _faults.Add("crossZoneRoundTrip", $"is set, but no backends have a zone.");
        }
    }

    private void CheckClients(Scenario scenario)
    {
        if (scenario.Clients.Count == 0)
        {
            _faults.Add("clients", $"is empty; expected at least one group.");
        }

        for (var i = 0; i < scenario.Clients.Count; i++)
        {
            new ClientGroupValidator($"clients[{i}]", _faults).Check(scenario.Clients[i], scenario.BackendCount);
        }
    }

    private void Check(string path, BackendGroup group)
    {
        _faults.CheckRange($"{path}.count", group.Count, 1, MaxBackends);
        _faults.CheckRange($"{path}.weight", group.Weight, 0, MaxWeight);
        _faults.CheckRange($"{path}.priority", group.Priority, 0, MaxPriority);
        _faults.CheckZone($"{path}.zone", group.Zone);
        _faults.CheckRange($"{path}.concurrency", group.Concurrency, 1, Backend.MaxConcurrency);
        _faults.CheckRange($"{path}.queue", group.Queue, 0, int.MaxValue);
        _faults.CheckPositive($"{path}.speed", group.Speed);
        _faults.CheckTime($"{path}.start", group.Start, TimeSpan.Zero);
        _faults.CheckTime($"{path}.warmUp", group.WarmUp, TimeSpan.Zero);
        if (group.ColdSpeed is not (> 0 and <= 1))
        {
            _faults.Add($"{path}.coldSpeed", $"is {group.ColdSpeed}; expected above 0, up to 1.");
        }

        Check($"{path}.service", group.Service);
        if (group.RateLimit is { } limit)
        {
            Check($"{path}.rateLimit", limit);
        }
    }

    private void Check(string path, RateLimit limit)
    {
        _faults.CheckRange($"{path}.rate", limit.Rate, MinQuota, MaxQuota);
        _faults.CheckRange($"{path}.burst", limit.Burst, 1, MaxQuota);
        if (limit.RetryAfter is { } retryAfter && (retryAfter < TimeSpan.Zero || retryAfter > TimeSpan.FromDays(1) || retryAfter.Ticks % TimeSpan.TicksPerSecond != 0))
        {
            _faults.Add($"{path}.retryAfter", $"is {retryAfter}; expected whole seconds, up to a day. Zero sends no Retry-After.");
        }
    }

    private void Check(string path, ServiceTime service)
    {
        switch (service)
        {
            case ConstantTime constant:
                _faults.CheckPositiveTime($"{path}.mean", constant.Mean);
                break;
            case ExponentialTime exponential:
                _faults.CheckPositiveTime($"{path}.mean", exponential.Mean);
                break;
            case LognormalTime lognormal:
                _faults.CheckPositiveTime($"{path}.mean", lognormal.Mean);
                _faults.CheckRange($"{path}.sigma", lognormal.Sigma, 0, 4);
                break;
            case ParetoTime pareto:
                _faults.CheckPositiveTime($"{path}.mean", pareto.Mean);
                if (pareto.Shape is not (> 1 and <= 100))
                {
                    _faults.Add($"{path}.shape", $"is {pareto.Shape}; expected above 1 (below that there is no mean), up to 100.");
                }

                break;
            case MeasuredTime measured:
                if (measured.Milliseconds.Count == 0)
                {
                    _faults.Add($"{path}.milliseconds", $"is empty; expected measured times, here or in a file.");
                }

                for (var i = 0; i < measured.Milliseconds.Count; i++)
                {
                    _faults.CheckPositive($"{path}.milliseconds[{i}]", measured.Milliseconds[i]);
                }

                break;
        }
    }

    private void Check(string path, BackendChange change, Scenario scenario)
    {
        _faults.CheckRange($"{path}.at", change.At, TimeSpan.Zero, scenario.Duration);
        _faults.CheckPositive($"{path}.speed", change.Speed);
        if (change.Status is not (429 or (>= 500 and <= 599)))
        {
            _faults.Add($"{path}.status", $"is {change.Status}; expected a status of a failure: 429, or from 500 to 599.");
        }

        if (change.Probability is not (> 0 and <= 1))
        {
            _faults.Add($"{path}.probability", $"is {change.Probability}; expected above 0, up to 1.");
        }

        _faults.CheckBackends($"{path}.backends", change.Backends, scenario.BackendCount);
    }
}
