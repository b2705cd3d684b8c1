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
    private readonly ClientEnvironment _environment;
    private readonly FaultWatch _faults;
    private readonly Backend[] _backends;
    private readonly BalancedClient[] _clients;
    private readonly BackendChanges _changes;
    private readonly RequestFlow _requests;

    private Simulation(Scenario scenario)
    {
        _scenario = scenario;
        _end = Nanoseconds.Of(scenario.Duration);
        _slice = Math.Max(1, _end / Slices);
        _time = new VirtualTime(_events);
        _recorder = new Recorder(scenario.BackendCount, scenario.Clients.Keys.Count, Nanoseconds.Of(scenario.WarmUp), _slice);
        _faults = new FaultWatch(scenario.BackendCount, scenario.Clients.Count);
        _backends = CreateBackends();
        _environment = new ClientEnvironment(scenario.Clients, _backends, scenario.RoundTrip, _time, _scheduler);
        _clients = CreateClients();
        _changes = new BackendChanges(scenario, _backends, _clients, _faults);
        FindOwners();
        _requests = new RequestFlow(scenario, _time, _events, _backends, _clients, _recorder, _faults);
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
        return new Simulation(scenario).Run(label ?? scenario.Clients.Balancer.Strategy, progress, cancellationToken);
    }

    private Backend[] CreateBackends()
    {
        var random = new SeededRandom(_scenario.Seed, RandomStreams.ServiceTimes);
        var failureRandom = new SeededRandom(_scenario.Seed, RandomStreams.Failures);
        Action<Job, Outcome> answer = (job, outcome) => _requests.SendAnswer(job, outcome);
        var backends = new List<Backend>();
        foreach (var group in _scenario.Backends)
        {
            for (var i = 0; i < group.Count; i++)
            {
                backends.Add(new Backend(backends.Count, group, _events, random, failureRandom, answer));
            }
        }

        return [.. backends];
    }

    private BalancedClient[] CreateClients()
    {
        var clients = new BalancedClient[_scenario.Clients.Count];
        for (var i = 0; i < clients.Length; i++)
        {
            clients[i] = new BalancedClient(i, _environment, new SeededRandom(_scenario.Seed, RandomStreams.OfClient(i)), _faults.AddChange);
        }

        return clients;
    }

    private void FindOwners()
    {
        if (_environment.Settings.Cluster.Strategy.IsKeyed)
        {
            using var lookup = new KeyLookup(_environment.Keys, _environment.Addresses, _ => _environment.Settings.Cluster);
            lookup.UpdateEndpoints(_changes.Listed);
            _recorder.SetOwners(lookup.GetOwners(_scenario.Clients.Keys.Count));
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

        return _recorder.CreateResult(label, _scenario.Clients.Balancer.Strategy, _backends, _faults, _end);
    }
}
