using System.Globalization;

namespace ClientSideLb.Simulator;

/// <summary>
/// A backend leaves or joins: which keys move. There is no traffic; each key is looked up before and after, in a cluster of production.
/// </summary>
internal sealed class RebalancingScenario : NamedScenario
{
    // Enough for each backend, so that what is measured is the mapping and not the sample: 10,000 keys have a share of ±1 %.
    private const int KeysPerBackend = 10_000;
    private const int MostKeys = 1_000_000;
    private const int ManyBackends = 1000;

    // The deviation of so many shares is known to ±7 %; that of ten would be to ±24 %.
    private const int RingSizeBackends = 100;

    public override string Name => "rebalancing";

    public override string Summary => "A backend leaves or joins: how many keys move with a modulo, an IP hash and a ring, and how even their shares are.";

    public override ScenarioResult Run(
        ScenarioOptions options, IProgress<SimulationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ScenarioOptionsValidator.ThrowIfNotValid(options);
        if (options is { Strategy: not null } or { Load: not null } or { Clients: not null } or { Duration: not null } or { Fault: not null })
        {
            throw new ScenarioException($"The scenario '{Name}' compares all that hash, and has no traffic; it takes the number of backends alone.");
        }

        var n = options.Backends ?? 10;
        var keys = new SimulatedKeys(MostKeys);
        var measurements = new List<Func<KeyMoveResult>>();
        foreach (var (from, to) in ((int, int)[])[(n, n - 1), (n, n + 1), (Math.Max(n, ManyBackends), Math.Max(n, ManyBackends) - 1)])
        {
            measurements.Add(() => Measure(keys, "modulo", new ModuloStrategy(), new LoadBalancingOptions(), from, to));
            measurements.Add(() => Measure(keys, "IpHash", new IpHashStrategy(), new LoadBalancingOptions(), from, to));
            measurements.Add(() => Measure(keys, "ConsistentHash, sized as Envoy's", new ConsistentHashStrategy(), EnvoyCompatible(), from, to));
            measurements.Add(() => Measure(keys, "ConsistentHash", new ConsistentHashStrategy(), new LoadBalancingOptions(), from, to));
        }

        foreach (var points in (int[])[1, 10, 40, 160, 640, 2560])
        {
            measurements.Add(() => Measure(
                keys, string.Create(CultureInfo.InvariantCulture, $"ConsistentHash, {points} points"), new ConsistentHashStrategy(), WithPoints(points), RingSizeBackends, RingSizeBackends - 1));
        }

        var results = new List<KeyMoveResult>(measurements.Count);
        foreach (var measure in measurements)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(measure());
            progress?.Report(new SimulationProgress((double)results.Count / measurements.Count, results.Sum(static result => (long)result.Keys)));
        }

        return new ScenarioResult(Name, [], results);
    }

    private static LoadBalancingOptions EnvoyCompatible()
    {
        var options = new LoadBalancingOptions();
        options.ConsistentHash.EnvoyCompatible = true;
        return options;
    }

    private static LoadBalancingOptions WithPoints(int points)
    {
        var options = new LoadBalancingOptions();
        options.ConsistentHash.PointsPerWeight = points;
        return options;
    }

    private static KeyMoveResult Measure(
        SimulatedKeys keys, string label, ILoadBalancingStrategy strategy, LoadBalancingOptions options, int from, int to)
    {
        var time = new VirtualTime(new EventQueue());
        var random = new SeededRandom(seed: 1, stream: 0);
        using var cluster = new Cluster("simulated", "backends", ClusterSettings.Of(options, strategy, time), time, random, listeners: []);
        var backends = Enumerable.Range(0, Math.Max(from, to)).Select(static index => BackendAddress.Of(index, weight: 1)).ToArray();
        cluster.Update(backends[..from]);
        var count = Math.Min(from * KeysPerBackend, MostKeys);
        var before = Owners(cluster, random, keys, count);

        // Who leaves is in the middle, as it would be by chance; who joins comes last.
        cluster.Update(to < from ? [.. backends[..(from / 2)], .. backends[((from / 2) + from - to)..from]] : backends[..to]);
        var after = Owners(cluster, random, keys, count);
        var stayed = cluster.Endpoints.Select(static endpoint => endpoint.Location.Key).Intersect(backends[..from].Select(static backend => backend.Address.Key));
        return Compare(label, from, to, before, after, [.. stayed]);
    }

    private static string[] Owners(Cluster cluster, SeededRandom random, SimulatedKeys keys, int count)
    {
        var request = new Request(0);
        var owners = new string[count];
        for (var key = 0; key < count; key++)
        {
            request.Key = key;
            var context = new PickContext(random, keys, request, tried: null, now: TimeSpan.Zero);
            owners[key] = cluster.Snapshot.GetView(httpsOnly: false).Find(in context, EndpointSearch.Available, out _)!.Location.Key;
        }

        return owners;
    }

    private static KeyMoveResult Compare(string label, int from, int to, string[] before, string[] after, HashSet<string> stayed)
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

        var mean = (double)keys / from;
        var variance = (counts.Values.Sum(count => (count - mean) * (count - mean)) + ((from - counts.Count) * mean * mean)) / from;
        return new KeyMoveResult(
            label,
            from,
            to,
            keys,
            (double)moved / keys,
            (double)necessary / keys,
            (double)(moved - necessary) / keys,
            counts.Values.Max() / mean,
            Math.Sqrt(variance) / mean);
    }
}
