using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Balancing;
using ClientSideLb.Simulator.Clients;
using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Results;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Engine;

/// <summary>The path of requests: their arrival, their attempts with answers and deadlines, and their end.</summary>
internal sealed class RequestFlow
{
    private readonly VirtualTime _time;
    private readonly EventQueue _events;
    private readonly IReadOnlyList<Backend> _backends;
    private readonly IReadOnlyList<BalancedClient> _clients;
    private readonly Recorder _recorder;
    private readonly FaultWatch _faults;
    private readonly ArrivalTimes _arrivals;
    private readonly SeededRandom _arrivalRandom;
    private readonly KeySampler _keys;
    private readonly SeededRandom _keyRandom;
    private readonly long _roundTrip;
    private readonly DeadlineList _callerDeadlines;
    private readonly DeadlineList? _attemptDeadlines;
    private readonly Queue<PendingAnswer> _answers = new();
    private readonly List<SimulatedRequest> _requests = [];
    private readonly Stack<SimulatedRequest> _free = new();

    internal RequestFlow(
        Scenario scenario,
        VirtualTime time,
        EventQueue events,
        IReadOnlyList<Backend> backends,
        IReadOnlyList<BalancedClient> clients,
        Recorder recorder,
        FaultWatch faults)
    {
        _time = time;
        _events = events;
        _backends = backends;
        _clients = clients;
        _recorder = recorder;
        _faults = faults;
        _arrivals = ArrivalTimes.Create(scenario.Clients.Arrivals, clients.Count);
        _arrivalRandom = new SeededRandom(scenario.Seed, RandomStreams.Arrivals);
        _keys = new KeySampler(scenario.Clients.Keys);
        _keyRandom = new SeededRandom(scenario.Seed, RandomStreams.Keys);
        _roundTrip = Nanoseconds.Of(scenario.RoundTrip);
        _callerDeadlines = new DeadlineList(Nanoseconds.Of(scenario.Clients.Timeout));
        _attemptDeadlines = scenario.Clients.Balancer.Failover.AttemptTimeout is { } timeout ? new DeadlineList(Nanoseconds.Of(timeout)) : null;
    }

    /// <summary>Gets the number of requests that have begun.</summary>
    internal long Begun { get; private set; }

    /// <summary>Gets the time of the next answer or deadline, or <see cref="long.MaxValue"/> if no request is in flight.</summary>
    internal long NextTime => Math.Min(NextAnswerTime, Math.Min(NextAttemptDeadline, _callerDeadlines.NextTime));

    private long NextAnswerTime => _answers.TryPeek(out var answer) ? answer.Time : long.MaxValue;

    private long NextAttemptDeadline => _attemptDeadlines?.NextTime ?? long.MaxValue;

    /// <summary>Schedules the first requests of all clients.</summary>
    internal void ScheduleFirst()
    {
        foreach (var client in _clients)
        {
            for (var i = 0; i < _arrivals.Workers; i++)
            {
                ScheduleNext(client.Index, hasFailed: false);
            }
        }
    }

    /// <summary>Begins the request of a client whose time has come.</summary>
    internal void Begin(int client)
    {
        if (!_arrivals.WaitsForAnswer)
        {
            ScheduleNext(client, hasFailed: false);
        }

        if (!_free.TryPop(out var request))
        {
            request = new SimulatedRequest(_requests.Count);
            _requests.Add(request);
        }

        Begun++;
        request.Client = _clients[client];
        request.Key = _keys.Draw(_keyRandom);
        request.Started = _time.Now;
        request.Attempts = 0;
        request.CountedAttempts = 0;
        _recorder.BeginRequest(_time.Now);
        _callerDeadlines.Add(request.CallerDeadline, _time.Now);
        Attempt(request);
    }

    /// <summary>Sends the answer of a backend to the client. It arrives after a round trip, or at once if the network takes no time.</summary>
    internal void SendAnswer(Job job, Outcome outcome)
    {
        if (_roundTrip == 0)
        {
            Receive(job, outcome);
        }
        else
        {
            _answers.Enqueue(new PendingAnswer(_time.Now + _roundTrip, job, outcome));
        }
    }

    /// <summary>
    /// Handles the answer or the deadline that is due now. At the same time an answer comes before a deadline, so that an answer at the
    /// last moment still counts.
    /// </summary>
    internal void HandleNext()
    {
        if (NextAnswerTime == _time.Now)
        {
            var answer = _answers.Dequeue();
            Receive(answer.Job, answer.Outcome);
        }
        else if (NextAttemptDeadline == _time.Now)
        {
            EndAttempt(_requests[_attemptDeadlines!.First.Target], Outcome.AttemptTimedOut);
        }
        else
        {
            EndAttempt(_requests[_callerDeadlines.First.Target], Outcome.TimedOut);
        }
    }

    private void ScheduleNext(int client, bool hasFailed) =>
        _events.Push(_arrivals.DrawNext(_time.Now, hasFailed, _arrivalRandom), EventKind.Arrival, client);

    private void Attempt(SimulatedRequest request)
    {
        request.Stamp++;
        if (!request.Client.TryBeginAttempt(request))
        {
            End(request, request.Client.RejectsRequests ? Outcome.NotSent : Outcome.NoEndpoint);
            return;
        }

        var backend = _backends[request.Backend];
        _recorder.BeginAttempt(request.Backend, request.Key, request.Attempts == 1, backend.FailsRequests(_time.Now), _time.Now);
        _attemptDeadlines?.Add(request.AttemptDeadline, _time.Now);
        backend.Receive(new Job(request.Index, request.Stamp), _time.Now);
    }

    private void Receive(Job job, Outcome outcome)
    {
        // An answer to an attempt that has ended is ignored.
        var request = _requests[job.Request];
        if (request.Stamp == job.Stamp)
        {
            EndAttempt(request, outcome);
        }
    }

    private void EndAttempt(SimulatedRequest request, Outcome outcome)
    {
        _attemptDeadlines?.Remove(request.AttemptDeadline);
        _recorder.EndAttempt(request.Backend, outcome, _time.Now);
        request.Client.EndAttempt(request, outcome);
        if (outcome.IsAnswered)
        {
            _faults.AddAnswer(request.Backend, request.Client.Index, _time.Now);
        }

        _faults.CheckChanges(_time.Now);
        if (request.Client.TryMove(request, outcome))
        {
            Attempt(request);
        }
        else
        {
            End(request, outcome);
        }
    }

    private void End(SimulatedRequest request, Outcome outcome)
    {
        _callerDeadlines.Remove(request.CallerDeadline);
        _recorder.EndRequest(request.Started, outcome, _time.Now);
        request.Stamp++;
        request.Tried.Clear();
        _free.Push(request);
        if (_arrivals.WaitsForAnswer)
        {
            ScheduleNext(request.Client.Index, !outcome.IsAnswered);
        }
    }
}
