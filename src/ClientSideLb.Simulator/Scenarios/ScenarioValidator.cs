using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.Scenarios;

/// <summary>Finds all faults of a scenario at once.</summary>
internal sealed class ScenarioValidator
{
    private const int MaxBackends = 100_000;
    private const int MaxClients = 100_000;
    private const int MaxKeys = 10_000_000;
    private const int MaxWeight = ushort.MaxValue;
    private const double MinQuota = 0.001;
    private const int MaxQuota = 1_000_000;
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

    private static string ToCamelCase(string setting) =>
        string.Join('.', setting.Split(':', '.').Select(static part => part.Length == 0 ? part : char.ToLowerInvariant(part[0]) + part[1..]));

    private void Check(Scenario scenario)
    {
        _faults.CheckTime("duration", scenario.Duration, Millisecond);
        if (scenario.WarmUp < TimeSpan.Zero || scenario.WarmUp >= scenario.Duration)
        {
            _faults.Add("warmUp", $"is {scenario.WarmUp}; expected from 0 to below the duration, {scenario.Duration}.");
        }

        _faults.CheckRange("roundTrip", scenario.RoundTrip, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Check(scenario.Clients);
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

    private void Check(ClientGroup clients)
    {
        _faults.CheckRange("clients.count", clients.Count, 1, MaxClients);
        _faults.CheckTime("clients.timeout", clients.Timeout, Millisecond);
        _faults.CheckRange("clients.keys.count", clients.Keys.Count, 1, MaxKeys);
        _faults.CheckRange("clients.keys.skew", clients.Keys.Skew, 0, 10);
        Check(clients.Arrivals);
        Check(clients.Balancer);
    }

    private void Check(Arrivals arrivals)
    {
        switch (arrivals)
        {
            case PoissonArrivals poisson:
                _faults.CheckPositive("clients.arrivals.rate", poisson.Rate);
                break;
            case BurstArrivals bursts:
                _faults.CheckPositive("clients.arrivals.rate", bursts.Rate);
                _faults.CheckPositive("clients.arrivals.factor", bursts.Factor);
                _faults.CheckPositiveTime("clients.arrivals.length", bursts.Length);
                if (bursts.Every <= bursts.Length)
                {
                    _faults.Add("clients.arrivals.every", $"is {bursts.Every}; expected above the length of a burst, {bursts.Length}.");
                }

                break;
            case ClosedLoopArrivals loop:
                _faults.CheckRange("clients.arrivals.workers", loop.Workers, 1, 1_000_000);
                _faults.CheckTime("clients.arrivals.thinkTime", loop.ThinkTime, TimeSpan.Zero);
                break;
        }
    }

    private void Check(LoadBalancingOptions balancer)
    {
        if (balancer.Endpoints.Count > 0)
        {
            _faults.Add("clients.balancer.endpoints", $"is set; the endpoints of a simulation are its backends.");
        }

        if (balancer.Failover.HedgingDelay is not null)
        {
            _faults.Add("clients.balancer.failover.hedgingDelay", $"is set; hedging is not simulated.");
        }

        foreach (var (setting, what) in OptionsFaults.Find(balancer))
        {
            _faults.Add($"clients.balancer.{ToCamelCase(setting)}", $"{what}");
        }
    }

    private void Check(string path, BackendGroup group)
    {
        _faults.CheckRange($"{path}.count", group.Count, 1, MaxBackends);
        _faults.CheckRange($"{path}.weight", group.Weight, 0, MaxWeight);
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

        try
        {
            BackendList.Parse(change.Backends, scenario.BackendCount);
        }
        catch (FormatException failure)
        {
            _faults.Add($"{path}.backends", $"{failure.Message}");
        }
    }
}
