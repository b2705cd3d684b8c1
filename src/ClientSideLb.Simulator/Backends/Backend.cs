namespace ClientSideLb.Simulator;

/// <summary>One backend: a number of servers with one queue before them, which may be slow, dead or hung.</summary>
/// <param name="index">Its number.</param>
/// <param name="group">What it is like.</param>
/// <param name="description">How clients know it.</param>
/// <param name="events">Where it schedules the end of what it serves.</param>
/// <param name="random">Where service times come from.</param>
/// <param name="answer">Takes its answers.</param>
internal sealed class Backend(
    int index, BackendGroup group, EndpointDescription description, EventQueue events, SeededRandom random, Action<Job, Outcome> answer)
{
    /// <summary>How an event's target tells backend and server: the backend above this many bits, the server below.</summary>
    internal const int ServerBits = 14;

    private readonly FifoQueue<Job> _waiting = new();
    private readonly Job[] _served = new Job[group.Concurrency];
    private readonly bool[] _isServing = new bool[group.Concurrency];
    private readonly Stack<int> _idle = new(Enumerable.Range(0, group.Concurrency).Reverse());
    private readonly long _warmUp = Nanoseconds.Of(group.WarmUp);

    // What was begun before the latest failure never ends.
    private int _life;
    private State _state;
    private bool _hasStarted = true;
    private double _speed = group.Speed;
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

    internal EndpointDescription Description => description;

    /// <summary>Gets a value indicating whether clients are told of it.</summary>
    internal bool IsListed { get; private set; } = true;

    internal bool IsHanging => _state == State.Hanging;

    /// <summary>Gets a value indicating whether it fails requests.</summary>
    internal bool IsOut => _state != State.Up;

    /// <summary>Tells whether it would answer a request well now, were it not for the queue.</summary>
    internal bool WouldAnswer(long now) => _state == State.Up && now >= _readyAt;

    /// <summary>Says that it is not there before it joins.</summary>
    internal void JoinLater()
    {
        IsListed = false;
        _hasStarted = false;
    }

    /// <summary>Takes a request in.</summary>
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
        else if (_state == State.Erring)
        {
            answer(job, Outcome.Unavailable);
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

    /// <summary>Ends what a server has served.</summary>
    /// <param name="server">The server.</param>
    /// <param name="life">The life of the backend in which it began.</param>
    /// <param name="now">The time.</param>
    internal void End(int server, int life, long now)
    {
        if (life != _life)
        {
            return;
        }

        var job = _served[server];
        _isServing[server] = false;
        if (_waiting.Count > 0)
        {
            Serve(server, _waiting.Dequeue(), now);
        }
        else
        {
            _idle.Push(server);
        }

        answer(job, Outcome.Answered);
    }

    /// <summary>Changes what it does.</summary>
    internal void Change(BackendChange change, long now)
    {
        switch (change.Change)
        {
            case ChangeKind.Refuse:
                _state = State.Refusing;
                BreakOff();
                break;
            case ChangeKind.Hang:
                _state = State.Hanging;
                Forget();
                break;
            case ChangeKind.Error:
                _state = State.Erring;
                break;
            case ChangeKind.Slow:
                _speed = group.Speed * change.Speed;
                break;
            case ChangeKind.Recover:
                // Who was only slow, or answered 503, has not been restarted.
                if (_state is State.Refusing or State.Hanging)
                {
                    Restart(now);
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
                    Restart(now);
                }

                break;
        }
    }

    private void Serve(int server, Job job, long now)
    {
        _served[server] = job;
        _isServing[server] = true;
        var time = (long)(group.Service.Draw(random) / SpeedAt(now));
        events.Push(now + Math.Max(1, time), EventKind.Served, (index << ServerBits) | server, _life);
    }

    private double SpeedAt(long now)
    {
        var up = now - _readyAt;
        return _readyAt == long.MinValue || up >= _warmUp ? _speed : _speed * (group.ColdSpeed + ((1 - group.ColdSpeed) * up / _warmUp));
    }

    private void Restart(long now) => _readyAt = now + Nanoseconds.Of(group.Start);

    private void BreakOff()
    {
        for (var server = 0; server < _served.Length; server++)
        {
            if (_isServing[server])
            {
                answer(_served[server], Outcome.BrokenOff);
            }
        }

        while (_waiting.Count > 0)
        {
            answer(_waiting.Dequeue(), Outcome.BrokenOff);
        }

        Forget();
    }

    private void Forget()
    {
        _life++;
        while (_waiting.Count > 0)
        {
            _waiting.Dequeue();
        }

        Array.Clear(_isServing);
        _idle.Clear();
        for (var server = _served.Length - 1; server >= 0; server--)
        {
            _idle.Push(server);
        }
    }
}
