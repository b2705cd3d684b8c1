using System.Net;
using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Backends;

/// <summary>One backend: a number of servers behind one queue. It can be slow, dead or hung, can answer with errors, and can have a quota.</summary>
/// <param name="index">Its index among all backends.</param>
/// <param name="group">Its properties.</param>
/// <param name="events">The queue in which it schedules the end of each service.</param>
/// <param name="random">The source of service times.</param>
/// <param name="failureRandom">Decides which requests fail, if some of them do. It has its own source, so that the service times stay the same.</param>
/// <param name="answer">Called with each answer.</param>
internal sealed class Backend(
    int index, BackendGroup group, EventQueue events, SeededRandom random, SeededRandom failureRandom, Action<Job, Outcome> answer)
{
    /// <summary>The most servers that a backend can have.</summary>
    internal const int MaxConcurrency = 1 << ServerBits;

    // The target of an event holds the index of the server in this many low bits, and the index of the backend above them.
    private const int ServerBits = 14;

    private readonly Queue<Job> _waiting = new();
    private readonly Job[] _served = new Job[group.Concurrency];
    private readonly bool[] _isServing = new bool[group.Concurrency];
    private readonly Stack<int> _idle = new(Enumerable.Range(0, group.Concurrency).Reverse());
    private readonly long _warmUp = Nanoseconds.Of(group.WarmUp);
    private readonly TokenBucket? _quota = group.RateLimit is { } limit ? new TokenBucket(limit) : null;

    // A failure begins a new life. A service that began in an earlier life never ends.
    private int _life;
    private State _state;
    private bool _hasStarted = true;
    private double _speed = group.Speed;
    private Outcome _error;
    private double _errorProbability;
    private long _readyAt = long.MinValue;

    private enum State
    {
        Up,
        Refusing,
        Hanging,
        Erring,
    }

    internal int Index => index;

    internal int Weight => group.Weight;

    /// <summary>Gets a value indicating whether service discovery lists it.</summary>
    internal bool IsListed { get; private set; } = true;

    internal bool IsHanging => _state == State.Hanging;

    /// <summary>Gets a value indicating whether it fails requests, all of them or some.</summary>
    internal bool IsFailing => _state != State.Up;

    /// <summary>Gets the index of the backend whose service an event ends.</summary>
    internal static int IndexOf(in Event served) => served.Target >> ServerBits;

    /// <summary>Tells whether requests that it gets now fail, all of them or some, because it fails or has not started yet.</summary>
    internal bool FailsRequests(long now) => IsFailing || now < _readyAt;

    /// <summary>Decides whether it answers a probe well now. A quota does not apply to probes.</summary>
    internal bool AnswersProbe(long now) => now >= _readyAt && (_state == State.Up || (_state == State.Erring && !DrawError()));

    /// <summary>Makes it a backend that does not exist before it joins.</summary>
    internal void JoinLater()
    {
        IsListed = false;
        _hasStarted = false;
    }

    /// <summary>Receives a request.</summary>
    internal void Receive(Job job, long now)
    {
        if (_state == State.Hanging)
        {
            return;
        }

        if (_state == State.Refusing || now < _readyAt)
        {
            answer(job, Outcome.Refused);
        }
        else if (_state == State.Erring && DrawError())
        {
            answer(job, _error);
        }
        else if (_quota is not null && !_quota.TryTake(now, out var wait))
        {
            answer(job, Outcome.OfStatus(HttpStatusCode.TooManyRequests, _quota.GetRetryAfter(wait)));
        }
        else if (_idle.TryPop(out var server))
        {
            Serve(server, job, now);
        }
        else if (_waiting.Count < group.Queue)
        {
            _waiting.Enqueue(job);
        }
        else
        {
            answer(job, Outcome.Unavailable);
        }
    }

    /// <summary>Ends the service that an event stands for, unless the backend has failed since the service began.</summary>
    internal void EndService(in Event served)
    {
        if (served.Stamp != _life)
        {
            return;
        }

        var server = served.Target & (MaxConcurrency - 1);
        var job = _served[server];
        _isServing[server] = false;
        if (_waiting.TryDequeue(out var next))
        {
            Serve(server, next, served.Time);
        }
        else
        {
            _idle.Push(server);
        }

        answer(job, Outcome.Answered);
    }

    /// <summary>Changes how it behaves.</summary>
    internal void Apply(BackendChange change, long now)
    {
        switch (change.Change)
        {
            case ChangeKind.Refuse:
                _state = State.Refusing;
                BreakOffAll();
                break;
            case ChangeKind.Hang:
                _state = State.Hanging;
                ForgetAll();
                break;
            case ChangeKind.Error:
                _state = State.Erring;
                _error = Outcome.OfStatus((HttpStatusCode)change.Status);
                _errorProbability = change.Probability;
                break;
            case ChangeKind.Slow:
                _speed = group.Speed * change.Speed;
                break;
            case ChangeKind.Recover:
                // A backend that was slow or answered with errors has been running all the time. It does not start again.
                if (_state is State.Refusing or State.Hanging)
                {
                    Start(now);
                }

                _state = State.Up;
                _speed = group.Speed;
                break;
            case ChangeKind.Leave:
                IsListed = false;
                break;
            case ChangeKind.Join:
                IsListed = true;
                if (!_hasStarted || _state != State.Up)
                {
                    _hasStarted = true;
                    _state = State.Up;
                    _speed = group.Speed;
                    Start(now);
                }

                break;
        }
    }

    private bool DrawError() => _errorProbability >= 1 || failureRandom.NextDouble() < _errorProbability;

    private void Serve(int server, Job job, long now)
    {
        _served[server] = job;
        _isServing[server] = true;
        var time = (long)(group.Service.Draw(random) / GetSpeed(now));
        events.Push(now + Math.Max(1, time), EventKind.Served, (index << ServerBits) | server, _life);
    }

    private double GetSpeed(long now)
    {
        var up = now - _readyAt;
        return _readyAt == long.MinValue || up >= _warmUp ? _speed : _speed * (group.ColdSpeed + ((1 - group.ColdSpeed) * up / _warmUp));
    }

    private void Start(long now) => _readyAt = now + Nanoseconds.Of(group.Start);

    private void BreakOffAll()
    {
        for (var server = 0; server < _served.Length; server++)
        {
            if (_isServing[server])
            {
                answer(_served[server], Outcome.BrokenOff);
            }
        }

        while (_waiting.TryDequeue(out var job))
        {
            answer(job, Outcome.BrokenOff);
        }

        ForgetAll();
    }

    private void ForgetAll()
    {
        _life++;
        _waiting.Clear();
        Array.Clear(_isServing);
        _idle.Clear();
        for (var server = _served.Length - 1; server >= 0; server--)
        {
            _idle.Push(server);
        }
    }
}
