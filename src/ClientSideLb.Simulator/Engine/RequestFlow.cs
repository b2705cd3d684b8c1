using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Balancing;
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
    private readonly AnswerLine[] _lines;
    private readonly GroupTraffic[] _groups;
    private readonly SeededRandom _arrivalRandom;
    private readonly SeededRandom _keyRandom;
    private readonly List<SimulatedRequest> _requests = [];
    private readonly Stack<SimulatedRequest> _free = new();
    private readonly WaitingRequests _waiting = new();

    internal RequestFlow(
        Scenario scenario,
        Network network,
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
        _lines = network.Lines;
        _groups = [.. scenario.Clients.Select(group => new GroupTraffic(group, network.GetLines(group)))];
        _arrivalRandom = new SeededRandom(scenario.Seed, RandomStreams.Arrivals);
        _keyRandom = new SeededRandom(scenario.Seed, RandomStreams.Keys);
    }

    /// <summary>Gets the number of requests that have begun.</summary>
    internal long Begun { get; private set; }

    /// <summary>Gets the time of the next answer or deadline, or <see cref="long.MaxValue"/> if no request is in flight.</summary>
    internal long NextTime
    {
        get
        {
            var next = long.MaxValue;
            foreach (var line in _lines)
            {
                next = Math.Min(next, line.NextTime);
            }

            foreach (var group in _groups)
            {
                next = Math.Min(next, group.NextDeadline);
            }

            return next;
        }
    }

    /// <summary>Schedules the first requests of all clients.</summary>
    internal void ScheduleFirst()
    {
        foreach (var client in _clients)
        {
            for (var i = 0; i < _groups[client.Group].Arrivals.Workers; i++)
            {
                ScheduleNext(client, hasFailed: false);
            }
        }
    }

    /// <summary>Begins the request of a client whose time has come.</summary>
    internal void Begin(int index)
    {
        var client = _clients[index];
        var group = _groups[client.Group];
        if (!group.Arrivals.WaitsForAnswer)
        {
            ScheduleNext(client, hasFailed: false);
        }

        if (!_free.TryPop(out var request))
        {
            request = new SimulatedRequest(_requests.Count);
            _requests.Add(request);
        }

        Begun++;
        request.Client = client;
        request.Key = group.Keys.Draw(_keyRandom);
        request.Started = _time.Now;
        request.Attempts = 0;
        request.CountedAttempts = 0;
        _recorder.BeginRequest(request, _time.Now);
        group.CallerDeadlines.Add(request.CallerDeadline, _time.Now);
        Attempt(request);
    }

    /// <summary>Sends the answer of a backend to the client. It arrives after a round trip, or at once if the network takes no time.</summary>
    internal void SendAnswer(Job job, Outcome outcome)
    {
        // An answer to an attempt that has ended is ignored.
        var request = _requests[job.Request];
        if (request.Stamp != job.Stamp)
        {
            return;
        }

        var line = _groups[request.Client.Group].Lines[request.Backend];
        if (line.RoundTrip == 0)
        {
            EndAttempt(request, outcome);
        }
        else
        {
            line.Send(job, outcome, _time.Now);
        }
    }

    /// <summary>
    /// Handles the answer or the deadline that is due now. At the same time an answer comes before a deadline, so that an answer at the
    /// last moment still counts.
    /// </summary>
    internal void HandleNext()
    {
        foreach (var line in _lines)
        {
            if (line.NextTime == _time.Now)
            {
                var answer = line.Receive();
                Receive(answer.Job, answer.Outcome);
                return;
            }
        }

        foreach (var group in _groups)
        {
            if (group.NextAttemptDeadline == _time.Now)
            {
                EndAttempt(_requests[group.AttemptDeadlines!.First.Target], Outcome.AttemptTimedOut);
                return;
            }
        }

        var due = Array.Find(_groups, group => group.CallerDeadlines.NextTime == _time.Now)!;
        var request = _requests[due.CallerDeadlines.First.Target];
        if (request.Wait is null)
        {
            EndAttempt(request, Outcome.TimedOut);
            return;
        }

        _waiting.Remove(request);
        request.CancelWait();
        End(request, Outcome.TimedOut);
    }

    /// <summary>Continues the requests whose wait for room is over.</summary>
    internal void ResumeWaiting()
    {
        while (_waiting.MayAnyHaveEnded(_clients) && _waiting.TakeEnded() is { } request)
        {
            if (request.Client.TryEndWait(request, out var mustLookAgain))
            {
                Send(request);
            }
            else if (mustLookAgain)
            {
                Attempt(request);
            }
            else
            {
                End(request, Outcome.Saturated);
            }
        }
    }

    private void ScheduleNext(BalancedClient client, bool hasFailed) =>
        _events.Push(_groups[client.Group].Arrivals.DrawNext(_time.Now, hasFailed, _arrivalRandom), EventKind.Arrival, client.Index);

    private void Attempt(SimulatedRequest request)
    {
        // Answers to the attempt before come too late now.
        request.Stamp++;
        if (request.Client.TryBeginAttempt(request, out var isSaturated))
        {
            Send(request);
        }
        else if (request.Wait is not null)
        {
            _waiting.Add(request);
        }
        else
        {
            End(request, isSaturated ? Outcome.Saturated : request.Client.RejectsRequests ? Outcome.NotSent : Outcome.NoEndpoint);
        }
    }

    private void Send(SimulatedRequest request)
    {
        var backend = _backends[request.Backend];
        _recorder.BeginAttempt(request, backend.FailsRequests(_time.Now), _time.Now);
        _groups[request.Client.Group].AttemptDeadlines?.Add(request.AttemptDeadline, _time.Now);
        backend.Receive(new Job(request.Index, request.Stamp), _time.Now);
    }

    private void Receive(Job job, Outcome outcome)
    {
        // The attempt may have ended while the answer was on its way.
        var request = _requests[job.Request];
        if (request.Stamp == job.Stamp)
        {
            EndAttempt(request, outcome);
        }
    }

    private void EndAttempt(SimulatedRequest request, Outcome outcome)
    {
        _groups[request.Client.Group].AttemptDeadlines?.Remove(request.AttemptDeadline);
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
        var group = _groups[request.Client.Group];
        group.CallerDeadlines.Remove(request.CallerDeadline);
        _recorder.EndRequest(request, outcome, _time.Now);
        request.Stamp++;
        request.Tried.Clear();
        _free.Push(request);
        if (group.Arrivals.WaitsForAnswer)
        {
            ScheduleNext(request.Client, !outcome.IsAnswered);
        }
    }
}
