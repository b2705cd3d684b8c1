using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Balancing;
using ClientSideLb.Simulator.Engine;
using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Results;
using ClientSideLb.Simulator.Scenarios;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator;

/// <summary>
/// Runs a scenario on a virtual clock. The clients have the production code's clusters, strategies, outlier detection and probers; their
/// requests, the network and the backends are simulated.
/// </summary>
public sealed class Simulation
{
    private const int Slices = 120;

    private readonly Scenario _scenario;
    private readonly long _end;
    private readonly long _slice;
    private readonly EventQueue _events = new();
    private readonly VirtualTime _time;
    private readonly StepScheduler _scheduler = new();
    private readonly Recorder _recorder;
    private readonly FaultWatch _faults;
    private readonly Backend[] _backends;
    private readonly ClientEnvironment[] _environments;
    private readonly BalancedClient[] _clients;
    private readonly BackendChanges _changes;
    private readonly RequestFlow _requests;

    private Simulation(Scenario scenario)
    {
        _scenario = scenario;
        _end = Nanoseconds.Of(scenario.Duration);
        _slice = Math.Max(1, _end / Slices);
        _time = new VirtualTime(_events);
        _recorder = CreateRecorder();
        _faults = new FaultWatch(scenario.BackendCount, scenario.ClientCount);
        _backends = CreateBackends();
        var network = new Network(scenario);
        _environments = CreateEnvironments(network);
        _clients = CreateClients();
        _changes = new BackendChanges(scenario, _backends, _clients, _faults, _recorder);
        FindOwners();
        _requests = new RequestFlow(scenario, network, _time, _events, _backends, _clients, _recorder, _faults);
    }

    /// <summary>Runs a scenario to its end.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="label">The label of the run in its result. The default is the name of the strategy.</param>
    /// <param name="progress">Receives the progress of the run from time to time.</param>
    /// <param name="cancellationToken">Stops the run early.</param>
    /// <returns>The results of the run.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="scenario"/> is <see langword="null"/>.</exception>
    /// <exception cref="ScenarioException">The scenario is not valid. The message names every fault.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static RunResult Run(
        Scenario scenario, string? label = null, IProgress<SimulationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ScenarioValidator.ThrowIfNotValid(scenario);
        return new Simulation(scenario).Run(label ?? scenario.Strategies, progress, cancellationToken);
    }

    private Backend[] CreateBackends()
    {
        var random = new SeededRandom(_scenario.Seed, RandomStreams.ServiceTimes);
        var failureRandom = new SeededRandom(_scenario.Seed, RandomStreams.Failures);
        Action<Job, Outcome> answer = (job, outcome) => _requests.SendAnswer(job, outcome);
        return [.. _scenario.GroupOfEachBackend.Select((group, index) => new Backend(index, group, _events, random, failureRandom, answer))];
    }

    private Recorder CreateRecorder()
    {
        var from = Nanoseconds.Of(_scenario.WarmUp);
        var zones = _scenario.Zones is { Count: > 0 } names
            ? new ZoneRecorder(names, _scenario.Clients.Select(static group => group.Zone), _scenario.GroupOfEachBackend.Select(static backend => backend.Zone), from, _slice)
            : null;
        return new Recorder(_scenario.BackendCount, _scenario.ClientCount, [.. _scenario.Clients.Select(static group => group.Keys.Count)], zones, from, _slice);
    }

    private ClientEnvironment[] CreateEnvironments(Network network)
    {
        var addresses = new BackendAddresses(_scenario.GroupOfEachBackend);
        return
        [
            .. _scenario.Clients.Select(group => new ClientEnvironment(
                group, addresses, _backends, Array.ConvertAll(network.GetLines(group), static line => line.RoundTrip), _time, _scheduler, _scenario.Seed)),
        ];
    }

    private BalancedClient[] CreateClients()
    {
        var groups = _scenario.Clients.SelectMany(static (group, index) => Enumerable.Repeat(index, group.Count));
        return
        [
            .. groups.Select((group, index) => new BalancedClient(
                index, group, _environments[group], new SeededRandom(_scenario.Seed, RandomStreams.OfClient(index)), _faults.AddChange)),
        ];
    }

    private void FindOwners()
    {
        for (var group = 0; group < _environments.Length; group++)
        {
            var environment = _environments[group];
            if (environment.Settings.Cluster.Strategy.IsKeyed)
            {
                using var lookup = new KeyLookup(environment.Keys, environment.Addresses, _ => environment.Settings.Cluster);
                lookup.UpdateEndpoints(_changes.Listed.Where(environment.Knows));
                _recorder.SetOwners(group, lookup.GetOwners(_scenario.Clients[group].Keys.Count));
            }
        }
    }

    private RunResult Run(string label, IProgress<SimulationProgress>? progress, CancellationToken cancellationToken)
    {
        _changes.UpdateEndpoints();
        _changes.Schedule(_events);
        for (var time = _slice; time <= _end; time += _slice)
        {
            _events.Push(time, EventKind.Slice, 0);
        }

        _requests.ScheduleFirst();
        _scheduler.RunWaiting();
        try
        {
            new EventLoop(_time, _events, _scheduler, _backends, _changes, _requests, _recorder, _faults).Run(_end, progress, cancellationToken);
        }
        finally
        {
            Array.ForEach(_clients, static client => client.Dispose());
        }

        var hasSubsets = _scenario.Clients.Any(static group => group.Balancer.Subset.Size is not null);
        return _recorder.CreateResult(label, _scenario.Strategies, hasSubsets, _backends, _faults, _end);
    }
}
