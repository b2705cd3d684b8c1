namespace ClientSideLb.Simulator;

/// <summary>
/// Runs a scenario: clients with production's own clusters, strategies, outlier detection and probers, on a clock that goes from one event
/// to the next, against simulated backends.
/// </summary>
public sealed class Simulation
{
    private const int Slices = 120;
    private const int StepsBetweenReports = 1 << 16;

    // The independent sequences of random numbers of one seed.
    private const int ServiceStream = 1;
    private const int ArrivalStream = 2;
    private const int KeyStream = 3;
    private const int FirstClientStream = 16;

    private readonly Scenario _scenario;
    private readonly string _label;
    private readonly EventQueue _events = new();
    private readonly VirtualTime _time;
    private readonly StepScheduler _scheduler = new();
    private readonly FifoQueue<Delivery> _deliveries = new();
    private readonly DeadlineList _callerDeadlines;
    private readonly DeadlineList? _attemptDeadlines;
    private readonly List<Request> _requests = [];
    private readonly Stack<Request> _free = new();
    private readonly Queue<int> _news = new();
    private readonly Backend[] _backends;
    private readonly Dictionary<EndpointAddress, Backend> _backendAt;
    private readonly Client[] _clients;
    private readonly BackendChange[] _changes;
    private readonly FailoverSettings _failover;
    private readonly OutcomeJudge _judge;
    private readonly SimulatedKeys _keys;
    private readonly KeySampler _keySampler;
    private readonly SeededRandom _keyRandom;
    private readonly SeededRandom _arrivalRandom;
    private readonly Recorder _recorder;
    private readonly FaultWatch _faults;
    private readonly long _roundTrip;
    private readonly long _slice;
    private readonly long _end;
    private readonly EndpointNeeds _needs;
    private long _begun;

    private Simulation(Scenario scenario, string? label)
    {
        _scenario = scenario;
        _time = new VirtualTime(_events);
        _roundTrip = Nanoseconds.Of(scenario.RoundTrip);
        _end = Nanoseconds.Of(scenario.Duration);
        _slice = Math.Max(1, _end / Slices);
        _needs = new EndpointNeeds(HttpsOnly: false, scenario.Clients.Idempotent);
        _label = label ?? scenario.Clients.Balancer.Strategy;

        _backends = CreateBackends(new SeededRandom(scenario.Seed, ServiceStream));
        _backendAt = _backends.ToDictionary(static backend => backend.Description.Address);
        _changes = [.. scenario.Changes.OrderBy(static change => change.At)];
        _keys = new SimulatedKeys(scenario.Clients.Keys.Count);
        _keySampler = new KeySampler(scenario.Clients.Keys);
        _keyRandom = new SeededRandom(scenario.Seed, KeyStream);
        _arrivalRandom = new SeededRandom(scenario.Seed, ArrivalStream);
        _recorder = new Recorder(_backends.Length, scenario.Clients.Keys.Count, Nanoseconds.Of(scenario.WarmUp), _slice);
        _faults = new FaultWatch(_backends.Length, scenario.Clients.Count);

        var options = scenario.Clients.Balancer;
        options.ActiveHealthCheck.UseProbe(new SimulatedProbe(_backendAt, scenario.RoundTrip, _time));
        var settings = ClientSettings.Of(options, ProductionStrategies.Catalog, _time);
        _failover = settings.Failover;
        _judge = new OutcomeJudge(settings.Failures);
        _callerDeadlines = new DeadlineList(Nanoseconds.Of(scenario.Clients.Timeout));
        _attemptDeadlines = _failover.AttemptTimeout is { } timeout ? new DeadlineList(Nanoseconds.Of(timeout)) : null;
        foreach (var backend in _backends.Where(JoinsLater))
        {
            backend.JoinLater();
        }

        _clients = CreateClients(settings.Cluster);
    }

    /// <summary>Runs a scenario to its end.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="label">What distinguishes the run, if it is not the strategy.</param>
    /// <param name="progress">Is told from time to time how far the run has come.</param>
    /// <param name="cancellationToken">Ends the run before its end.</param>
    /// <returns>What came out.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="scenario"/> is <see langword="null"/>.</exception>
    /// <exception cref="ScenarioException">The scenario cannot be run; the message names every fault.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RunResult Run(
        Scenario scenario, string? label = null, IProgress<SimulationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ScenarioValidator.ThrowIfNotValid(scenario);
        var simulation = new Simulation(scenario, label);
        simulation.Start();
        simulation.Run(progress, cancellationToken);
        return simulation._recorder.Result(
            simulation._label, scenario.Clients.Balancer.Strategy, simulation._backends, simulation._faults, simulation._end);
    }

    private Backend[] CreateBackends(SeededRandom random)
    {
        var backends = new List<Backend>();
        foreach (var group in _scenario.Backends)
        {
            for (var i = 0; i < group.Count; i++)
            {
                var index = backends.Count;
                backends.Add(new Backend(index, group, BackendAddress.Of(index, group.Weight), _events, random, Answer));
            }
        }

        return [.. backends];
    }

    private Client[] CreateClients(ClusterSettings settings)
    {
        var listed = Listed();
        var clients = new Client[_scenario.Clients.Count];
        for (var i = 0; i < clients.Length; i++)
        {
            var random = new SeededRandom(_scenario.Seed, FirstClientStream + i);
            var cluster = new Cluster("simulated", "backends", settings, _time, random, [new StateListener(i, _news)]);
            cluster.Subscribe(new HealthProber(
                cluster, static settings => settings.OwnProbe!, _time, random, SilentTelemetry.Instance, _scheduler, CancellationToken.None));
            clients[i] = new Client(i, cluster, ArrivalTimes.Of(_scenario.Clients.Arrivals, clients.Length), random);
            cluster.Update(listed);
        }

        return clients;
    }

    // A backend whose first change is to join is not there before.
    private bool JoinsLater(Backend backend) =>
        Array.Find(_changes, change => BackendList.Parse(change.Backends, _backends.Length).Contains(backend.Index)) is { Change: ChangeKind.Join };

    private EndpointDescription[] Listed() =>
        [.. _backends.Where(static backend => backend.IsListed).Select(static backend => backend.Description)];

    private void Start()
    {
        for (var i = 0; i < _changes.Length; i++)
        {
            _events.Push(Nanoseconds.Of(_changes[i].At), EventKind.Change, i);
        }

        for (var time = _slice; time <= _end; time += _slice)
        {
            _events.Push(time, EventKind.Slice, 0);
        }

        var workers = _scenario.Clients.Arrivals is ClosedLoopArrivals loop ? loop.Workers : 1;
        foreach (var client in _clients)
        {
            for (var i = 0; i < workers; i++)
            {
                ScheduleNext(client, hasFailed: false);
            }
        }

        _scheduler.Run();
    }

    private void Run(IProgress<SimulationProgress>? progress, CancellationToken cancellationToken)
    {
        for (var steps = 1; Step(); steps++)
        {
            if (steps % StepsBetweenReports == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new SimulationProgress((double)_time.Now / _end, _begun));
            }
        }

        progress?.Report(new SimulationProgress(1, _begun));
    }

    // Of what is due at the same time, events come first, then answers, then deadlines: an answer at the last moment still counts.
    private bool Step()
    {
        var eventTime = _events.NextTime;
        var deliveryTime = _deliveries.Count > 0 ? _deliveries.First.Time : long.MaxValue;
        var attemptTime = _attemptDeadlines?.NextTime ?? long.MaxValue;
        var callerTime = _callerDeadlines.NextTime;
        var next = Math.Min(Math.Min(eventTime, deliveryTime), Math.Min(attemptTime, callerTime));
        if (next > _end)
        {
            return false;
        }

        _time.Now = next;
        if (eventTime == next)
        {
            Handle(_events.Pop());
        }
        else if (deliveryTime == next)
        {
            var delivery = _deliveries.Dequeue();
            Deliver(_requests[delivery.Request], delivery.Stamp, delivery.Outcome);
        }
        else if (attemptTime == next)
        {
            var request = _attemptDeadlines!.First.Request;
            Deliver(request, request.Stamp, Outcome.AttemptTimedOut);
        }
        else
        {
            var request = _callerDeadlines.First.Request;
            Deliver(request, request.Stamp, Outcome.TimedOut);
        }

        return true;
    }

    private void Handle(in Event due)
    {
        switch (due.Kind)
        {
            case EventKind.Arrival:
                var client = _clients[due.Target];
                if (!client.Arrivals.WaitsForAnswer)
                {
                    ScheduleNext(client, hasFailed: false);
                }

                Begin(client);
                break;
            case EventKind.Served:
                _backends[due.Target >> Backend.ServerBits].End(due.Target & ((1 << Backend.ServerBits) - 1), due.Stamp, _time.Now);
                break;
            case EventKind.Timer:
                _time.Fire(in due);
                _scheduler.Run();
                Look();
                break;
            case EventKind.Change:
                Change(_changes[due.Target]);
                _scheduler.Run();
                Look();
                break;
            case EventKind.Slice:
                _recorder.Slice(_time.Now);
                break;
        }
    }

    private void ScheduleNext(Client client, bool hasFailed) =>
        _events.Push(client.Arrivals.Next(_time.Now, hasFailed, _arrivalRandom), EventKind.Arrival, client.Index);

    private void Begin(Client client)
    {
        if (!_free.TryPop(out var request))
        {
            request = new Request(_requests.Count);
            _requests.Add(request);
        }

        _begun++;
        request.Client = client;
        request.Key = _keySampler.Draw(_keyRandom);
        request.Started = _time.Now;
        request.Attempts = 0;
        request.Counted = 0;
        _recorder.Begin(_time.Now);
        _callerDeadlines.Add(request.CallerDeadline, _time.Now);
        Attempt(request);
    }

    private void Attempt(Request request)
    {
        var client = request.Client;
        request.Stamp++;
        if (client.Cluster.AcquireUntried(_keys, request, request.Tried, _needs) is not { } lease)
        {
            End(request, Outcome.NoEndpoint);
            return;
        }

        var backend = _backendAt[lease.Endpoint.Location];
        request.Lease = lease;
        request.Attempts++;
        _recorder.Attempt(backend.Index, request.Key, request.Attempts == 1, _time.Now);
        _attemptDeadlines?.Add(request.AttemptDeadline, _time.Now);
        backend.Receive(new Job(request.Index, request.Stamp), _time.Now);
    }

    // A backend answers: now where the network takes no time, else when it has been there and back.
    private void Answer(Job job, Outcome outcome)
    {
        if (_roundTrip == 0)
        {
            Deliver(_requests[job.Request], job.Stamp, outcome);
        }
        else
        {
            _deliveries.Enqueue(new Delivery(_time.Now + _roundTrip, job.Request, job.Stamp, outcome));
        }
    }

    private void Deliver(Request request, int stamp, Outcome outcome)
    {
        if (request.Stamp != stamp)
        {
            return;
        }

        var client = request.Client;
        var lease = request.Lease!;
        var backend = _backendAt[lease.Endpoint.Location].Index;
        var judgement = _judge[outcome];
        request.Counted += FailoverRules.CountAttempt(judgement.Result);
        _attemptDeadlines?.Remove(request.AttemptDeadline);
        _recorder.AttemptEnded(backend);
        client.Cluster.Observe(lease, judgement.Result with { Endpoint = lease.Endpoint });
        lease.Release();
        request.Lease = null;
        if (outcome == Outcome.Answered)
        {
            _faults.Answered(backend, client.Index, _time.Now);
        }

        Look();
        if (judgement.IsFailure
            && FailoverRules.TryMove(_failover, client.Cluster, request.Tried, _needs, request.Counted, judgement.IsNothingSent))
        {
            Attempt(request);
        }
        else
        {
            End(request, outcome);
        }
    }

    private void End(Request request, Outcome outcome)
    {
        _callerDeadlines.Remove(request.CallerDeadline);
        _recorder.End(request.Started, outcome, _time.Now);
        request.Stamp++;
        request.Tried.Clear();
        _free.Push(request);
        if (request.Client.Arrivals.WaitsForAnswer)
        {
            ScheduleNext(request.Client, outcome != Outcome.Answered);
        }
    }

    private void Change(BackendChange change)
    {
        var membership = change.Change is ChangeKind.Leave or ChangeKind.Join;
        foreach (var index in BackendList.Parse(change.Backends, _backends.Length))
        {
            var backend = _backends[index];
            backend.Change(change, _time.Now);
            if (backend.IsOut)
            {
                // Who is not listed is missed by nobody.
                if (backend.IsListed)
                {
                    _faults.Failed(index, _time.Now);
                }
            }
            else
            {
                _faults.Recovered(index, _time.Now);
            }
        }

        if (membership)
        {
            var listed = Listed();
            foreach (var client in _clients)
            {
                client.Cluster.Update(listed);
            }
        }
    }

    private void Look()
    {
        while (_news.TryDequeue(out var client))
        {
            _faults.Look(_clients[client], _backends, _time.Now);
        }
    }
}
