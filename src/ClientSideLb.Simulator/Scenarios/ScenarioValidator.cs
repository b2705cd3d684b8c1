using System.Globalization;

namespace ClientSideLb.Simulator;

/// <summary>Finds every fault of a scenario at once.</summary>
internal sealed class ScenarioValidator
{
    private const int MaxBackends = 100_000;
    private const int MaxClients = 100_000;
    private const int MaxKeys = 10_000_000;
    private const int MaxWeight = ushort.MaxValue;
    private const int MaxConcurrency = 1 << Backend.ServerBits;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly List<ScenarioFault> _faults = [];

    internal static IReadOnlyList<ScenarioFault> Validate(Scenario scenario)
    {
        var validator = new ScenarioValidator();
        validator.CheckAll(scenario);
        return validator._faults;
    }

    internal static void ThrowIfNotValid(Scenario scenario)
    {
        var faults = Validate(scenario);
        if (faults.Count > 0)
        {
            throw new ScenarioException($"The scenario '{scenario.Name}' cannot be run: {string.Join(Environment.NewLine, faults)}");
        }
    }

    private void CheckAll(Scenario scenario)
    {
        Between("duration", scenario.Duration, TimeSpan.FromMilliseconds(1), Longest);
        if (scenario.WarmUp < TimeSpan.Zero || scenario.WarmUp >= scenario.Duration)
        {
            Fault("warmUp", $"is {scenario.WarmUp}; expected from 0 to below the duration, {scenario.Duration}.");
        }

        Between("roundTrip", scenario.RoundTrip, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Check(scenario.Clients);
        if (scenario.Backends.Count == 0)
        {
            Fault("backends", $"is empty; expected at least one group.");
        }

        for (var i = 0; i < scenario.Backends.Count; i++)
        {
            Check($"backends[{i}]", scenario.Backends[i]);
        }

        if (scenario.BackendCount > MaxBackends)
        {
            Fault("backends", $"has {scenario.BackendCount} in all; expected up to {MaxBackends}.");
        }

        for (var i = 0; i < scenario.Changes.Count; i++)
        {
            Check($"changes[{i}]", scenario.Changes[i], scenario);
        }
    }

    private void Check(ClientGroup clients)
    {
        Between("clients.count", clients.Count, 1, MaxClients);
        Between("clients.timeout", clients.Timeout, TimeSpan.FromMilliseconds(1), Longest);
        Between("clients.keys.count", clients.Keys.Count, 1, MaxKeys);
        Between("clients.keys.skew", clients.Keys.Skew, 0, 10);
        Check(clients.Arrivals);
        Check(clients.Balancer);
    }

    private void Check(Arrivals arrivals)
    {
        switch (arrivals)
        {
            case PoissonArrivals poisson:
                Positive("clients.arrivals.rate", poisson.Rate);
                break;
            case BurstArrivals bursts:
                Positive("clients.arrivals.rate", bursts.Rate);
                Positive("clients.arrivals.factor", bursts.Factor);
                Between("clients.arrivals.length", bursts.Length, TimeSpan.FromTicks(1), Longest);
                if (bursts.Every <= bursts.Length)
                {
                    Fault("clients.arrivals.every", $"is {bursts.Every}; expected above the length of a burst, {bursts.Length}.");
                }

                break;
            case ClosedLoopArrivals loop:
                Between("clients.arrivals.workers", loop.Workers, 1, 1_000_000);
                Between("clients.arrivals.thinkTime", loop.ThinkTime, TimeSpan.Zero, Longest);
                break;
        }
    }

    private void Check(LoadBalancingOptions balancer)
    {
        const string Prefix = "Load balancing of client 'clients.balancer': ";

        if (balancer.Endpoints.Count > 0)
        {
            Fault("clients.balancer.endpoints", $"is set; the endpoints of a simulation are its backends.");
        }

        if (balancer.Failover.HedgingDelay is not null)
        {
            Fault("clients.balancer.failover.hedgingDelay", $"is set; hedging is not simulated.");
        }

        var result = new LoadBalancingOptionsValidator(ProductionStrategies.Catalog).Validate("clients.balancer", balancer);
        foreach (var failure in result.Failures ?? [])
        {
            // The setting is the first word.
            var what = failure.StartsWith(Prefix, StringComparison.Ordinal) ? failure[Prefix.Length..] : failure;
            var setting = what.Split(' ', 2);
            _faults.Add(new ScenarioFault($"clients.balancer.{CamelCase(setting[0])}", setting[^1]));
        }
    }

    private void Check(string path, BackendGroup group)
    {
        Between($"{path}.count", group.Count, 1, MaxBackends);
        Between($"{path}.weight", group.Weight, 0, MaxWeight);
        Between($"{path}.concurrency", group.Concurrency, 1, MaxConcurrency);
        Between($"{path}.queue", group.Queue, 0, int.MaxValue);
        Positive($"{path}.speed", group.Speed);
        Between($"{path}.start", group.Start, TimeSpan.Zero, Longest);
        Between($"{path}.warmUp", group.WarmUp, TimeSpan.Zero, Longest);
        if (group.ColdSpeed is not (> 0 and <= 1))
        {
            Fault($"{path}.coldSpeed", $"is {group.ColdSpeed}; expected above 0, up to 1.");
        }

        Check($"{path}.service", group.Service);
    }

    private void Check(string path, ServiceTime service)
    {
        switch (service)
        {
            case ConstantTime constant:
                PositiveTime($"{path}.mean", constant.Mean);
                break;
            case ExponentialTime exponential:
                PositiveTime($"{path}.mean", exponential.Mean);
                break;
            case LognormalTime lognormal:
                PositiveTime($"{path}.mean", lognormal.Mean);
                Between($"{path}.sigma", lognormal.Sigma, 0, 4);
                break;
            case ParetoTime pareto:
                PositiveTime($"{path}.mean", pareto.Mean);
                if (pareto.Shape is not (> 1 and <= 100))
                {
                    Fault($"{path}.shape", $"is {pareto.Shape}; expected above 1 (below that there is no mean), up to 100.");
                }

                break;
            case MeasuredTime measured:
                if (measured.Milliseconds.Count == 0)
                {
                    Fault($"{path}.milliseconds", $"is empty; expected measured times, here or in a file.");
                }

                for (var i = 0; i < measured.Milliseconds.Count; i++)
                {
                    Positive($"{path}.milliseconds[{i}]", measured.Milliseconds[i]);
                }

                break;
        }
    }

    private void Check(string path, BackendChange change, Scenario scenario)
    {
        Between($"{path}.at", change.At, TimeSpan.Zero, scenario.Duration);
        Positive($"{path}.speed", change.Speed);
        try
        {
            BackendList.Parse(change.Backends, scenario.BackendCount);
        }
        catch (FormatException failure)
        {
            _faults.Add(new ScenarioFault($"{path}.backends", failure.Message));
        }
    }

    private void Positive(string path, double value)
    {
        if (value is not (> 0 and < double.PositiveInfinity))
        {
            Fault(path, $"is {value}; expected above 0.");
        }
    }

    private void PositiveTime(string path, TimeSpan value) => Between(path, value, TimeSpan.FromTicks(1), Longest);

    private void Between<T>(string path, T value, T least, T most)
        where T : IComparable<T>
    {
        if (!(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0))
        {
            Fault(path, $"is {value}; expected from {least} to {most}.");
        }
    }

    private void Fault(string path, FormattableString what) => _faults.Add(new ScenarioFault(path, what.ToString(CultureInfo.InvariantCulture)));

    private static string CamelCase(string setting) =>
        string.Join('.', setting.Split(':', '.').Select(static part => part.Length == 0 ? part : char.ToLowerInvariant(part[0]) + part[1..]));
}
