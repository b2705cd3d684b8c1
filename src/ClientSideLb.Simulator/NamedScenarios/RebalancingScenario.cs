using System.Globalization;
using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>
/// Shows which keys move when a backend leaves or joins. There is no traffic: each key is looked up in a production cluster before and after
/// the change.
/// </summary>
internal sealed class RebalancingScenario : NamedScenario
{
    // The share of a backend with this many keys is measured to within 1 %.
    private const int KeysPerBackend = 10_000;
    private const int MaxKeys = 1_000_000;
    private const int ManyBackends = 1000;

    // The standard deviation of the shares of 100 backends is measured to within 7 %. With 10 backends it would be 24 %.
    private const int RingSizeBackends = 100;

    public override string Name => "rebalancing";

    public override string Summary => "A backend leaves or joins: how many keys move with a modulo, an IP hash, a ring and a Maglev table, and how even their shares are.";

    public override ScenarioOptions Defaults { get; } = new() { Backends = 10 };

    public override ScenarioResult Run(
        ScenarioOptions options, IProgress<SimulationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ScenarioOptionsValidator.ThrowIfNotValid(options, Defaults);
        if (options is { Strategy: not null } or { Load: not null } or { Clients: not null } or { Duration: not null } or { Fault: not null })
        {
            throw new ScenarioException($"The scenario '{Name}' compares all that hash, and has no traffic; it takes the number of backends alone.");
        }

        Measurement[] measurements = [.. CreateMeasurements((options.Backends ?? Defaults.Backends)!.Value)];
        var keys = new SimulatedKeys(MaxKeys);
        var results = new List<KeyMoveResult>(measurements.Length);
        foreach (var measurement in measurements)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(Measure(measurement, keys));
            progress?.Report(new SimulationProgress((double)results.Count / measurements.Length, results.Sum(static result => (long)result.Keys)));
        }

        return new ScenarioResult(Name, [], results);
    }

    private static IEnumerable<Measurement> CreateMeasurements(int backends)
    {
        var ipHash = BuiltInStrategies.Get(LoadBalancingStrategies.IpHash);
        var ring = BuiltInStrategies.Get(LoadBalancingStrategies.ConsistentHash);
        var maglev = BuiltInStrategies.Get(LoadBalancingStrategies.Maglev);
        var many = Math.Max(backends, ManyBackends);
        foreach (var (from, to) in ((int, int)[])[(backends, backends - 1), (backends, backends + 1), (many, many - 1)])
        {
            yield return new Measurement("modulo", new ModuloStrategy(), new LoadBalancingOptions(), from, to);
            yield return new Measurement("IpHash", ipHash, new LoadBalancingOptions(), from, to);
            yield return new Measurement("ConsistentHash, sized as Envoy's", ring, CreateEnvoyCompatible(), from, to);
            yield return new Measurement("Maglev", maglev, new LoadBalancingOptions(), from, to);
            yield return new Measurement("ConsistentHash", ring, new LoadBalancingOptions(), from, to);
        }

        foreach (var points in (int[])[1, 10, 40, 160, 640, 2560])
        {
            yield return new Measurement(
                string.Create(CultureInfo.InvariantCulture, $"ConsistentHash, {points} points"), ring, CreateWithPoints(points), RingSizeBackends, RingSizeBackends - 1);
        }
    }

    private static LoadBalancingOptions CreateEnvoyCompatible()
    {
        var options = new LoadBalancingOptions();
        options.ConsistentHash.EnvoyCompatible = true;
        return options;
    }

    private static LoadBalancingOptions CreateWithPoints(int points)
    {
        var options = new LoadBalancingOptions();
        options.ConsistentHash.PointsPerWeight = points;
        return options;
    }

    private static KeyMoveResult Measure(Measurement measurement, SimulatedKeys keys)
    {
        var (from, to) = (measurement.From, measurement.To);
        int[] listed = [.. Enumerable.Range(0, from)];

        // The backends that leave are in the middle of the list, as is likely by chance. Backends that join are at its end.
        int[] listedAfter = to < from ? [.. listed[..(from / 2)], .. listed[((from / 2) + from - to)..]] : [.. Enumerable.Range(0, to)];
        var addresses = new BackendAddresses(Enumerable.Repeat(new BackendGroup(), Math.Max(from, to)));
        using var lookup = new KeyLookup(keys, addresses, time => ClusterSettings.Of(measurement.Options, measurement.Strategy, time));
        var count = Math.Min(from * KeysPerBackend, MaxKeys);
        lookup.UpdateEndpoints(listed);
        var before = lookup.GetOwners(count);
        lookup.UpdateEndpoints(listedAfter);
        var after = lookup.GetOwners(count);
        return Compare(measurement, before, after, [.. listed.Intersect(listedAfter)]);
    }

    private static KeyMoveResult Compare(Measurement measurement, int[] before, int[] after, HashSet<int> stayed)
    {
        var counts = before.CountBy(static owner => owner).ToDictionary();
        var keys = before.Length;
        var (moved, necessary) = (0, 0);
        for (var key = 0; key < keys; key++)
        {
            if (before[key] != after[key])
            {
                moved++;
                necessary += stayed.Contains(before[key]) && stayed.Contains(after[key]) ? 0 : 1;
            }
        }

        // Backends without a key have no count.
        var backends = measurement.From;
        var mean = (double)keys / backends;
        var variance = (counts.Values.Sum(count => (count - mean) * (count - mean)) + ((backends - counts.Count) * mean * mean)) / backends;
        return new KeyMoveResult(
            measurement.Label,
            backends,
            measurement.To,
            keys,
            (double)moved / keys,
            (double)necessary / keys,
            (double)(moved - necessary) / keys,
            counts.Values.Max() / mean,
            Math.Sqrt(variance) / mean);
    }

    private sealed record Measurement(string Label, ILoadBalancingStrategy Strategy, LoadBalancingOptions Options, int From, int To);
}
