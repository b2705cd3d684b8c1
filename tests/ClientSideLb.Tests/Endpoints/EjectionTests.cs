namespace ClientSideLb.Tests;

public sealed class EjectionTests
{
    private const long Base = 100;
    private const long Max = 450;
    private const long TrialLimit = 1000;

    private readonly Ejection _ejection = new();

    [Fact]
    public void A_new_endpoint_is_not_ejected_and_needs_no_trial()
    {
        Assert.False(_ejection.IsEjected);
        Assert.False(BeginsTrial(long.MaxValue - 1));
    }

    [Fact]
    public void The_first_ejection_lasts_the_base_time()
    {
        Eject(now: 1000);

        Assert.True(_ejection.IsEjected);
        Assert.Equal(1000, _ejection.Began);
        Assert.Equal(1000 + Base, _ejection.Until);
    }

    [Fact]
    public void Each_failed_trial_makes_the_next_ejection_longer_by_the_base_time_up_to_the_maximum()
    {
        var durations = new List<long>();
        for (var now = 0L; durations.Count < 6; now = _ejection.Until)
        {
            Eject(now);
            durations.Add(_ejection.Until - now);
            Assert.True(BeginsTrial(_ejection.Until));
        }

        Assert.Equal([100, 200, 300, 400, Max, Max], durations);
    }

    [Theory]
    [InlineData(0.9, 90)]
    [InlineData(1.1, 110)]
    public void Jitter_makes_the_time_longer_or_shorter(double jitter, long expected)
    {
        _ejection.EjectForFailures(0, Base, Max, jitter);

        Assert.Equal(expected, _ejection.Until);
    }

    [Fact]
    public void Jitter_does_not_lengthen_an_ejection_past_the_maximum()
    {
        _ejection.EjectForFailures(0, Max, Max, jitter: 1.1);

        Assert.Equal(Max, _ejection.Until);
    }

    [Fact]
    public void Jitter_also_spreads_ejections_at_the_maximum()
    {
        _ejection.EjectForFailures(0, 10 * Max, Max, jitter: 0.9);

        Assert.Equal(405, _ejection.Until);
    }

    [Fact]
    public void A_million_ejections_of_a_day_in_nanoseconds_do_not_overflow()
    {
        const long Day = 86_400_000_000_000;

        for (var i = 0; i < 1_000_000; i++)
        {
            _ejection.EjectForFailures(0, Day, Day, jitter: 1.1);
        }

        Assert.Equal(Day, _ejection.Until);
    }

    [Fact]
    public void An_endpoint_that_fails_again_before_it_was_back_as_long_as_it_was_out_has_not_recovered()
    {
        Eject(now: 0);
        _ejection.Return(150);

        Eject(now: 249);

        Assert.Equal(249 + (2 * Base), _ejection.Until);
    }

    [Fact]
    public void An_endpoint_that_was_back_as_long_as_it_was_out_has_recovered()
    {
        Eject(now: 0);
        _ejection.Return(150);

        Eject(now: 250);

        Assert.Equal(250 + Base, _ejection.Until);
    }

    [Fact]
    public void An_endpoint_takes_twice_as_long_to_recover_after_a_second_ejection()
    {
        Eject(now: 0);
        _ejection.Return(100);
        Eject(now: 110);
        _ejection.Return(310);

        Eject(now: 509);

        Assert.Equal(509 + (3 * Base), _ejection.Until);
    }

    [Fact]
    public void A_requested_pause_lasts_as_long_as_asked_for_and_makes_no_later_ejection_longer()
    {
        _ejection.SetAside(now: 0, duration: 70);
        Assert.Equal(70, _ejection.Until);
        _ejection.Return(70);

        Eject(now: 80);

        Assert.Equal(80 + Base, _ejection.Until);
    }

    [Fact]
    public void A_trial_is_due_when_the_time_is_over_and_not_before()
    {
        Eject(now: 0);

        Assert.False(BeginsTrial(Base - 1));
        Assert.True(BeginsTrial(Base));
    }

    [Fact]
    public void One_trial_runs_at_a_time_until_it_is_given_back()
    {
        Eject(now: 0);
        Assert.True(BeginsTrial(Base));
        Assert.Equal(Base + TrialLimit, _ejection.TrialDue);
        Assert.False(BeginsTrial(Base + 1));

        _ejection.AbandonTrial(began: Base);

        Assert.True(BeginsTrial(Base + 1));
    }

    [Fact]
    public void The_next_trial_is_due_when_the_ejection_after_a_failed_one_is_over()
    {
        Eject(now: 0);
        BeginsTrial(Base);

        Eject(now: Base);

        Assert.Equal(Base + (2 * Base), _ejection.TrialDue);
        Assert.True(BeginsTrial(3 * Base));
    }

    [Fact]
    public void An_endpoint_that_is_back_needs_no_trial()
    {
        Eject(now: 0);
        BeginsTrial(Base);

        _ejection.Return(Base);

        Assert.False(_ejection.IsEjected);
        Assert.False(BeginsTrial(long.MaxValue - 1));
    }

    /// <summary>
    /// Compares the ejection with a simple model in every sequence of six events. The model knows the beginning and the end of the latest
    /// ejection, the number of ejections in a row, and whether a trial is under way.
    /// </summary>
    [Fact]
    public void An_ejection_agrees_with_a_plain_model_in_every_sequence_of_events()
    {
        var events = Enum.GetValues<Event>();
        foreach (var sequence in Sequences.Of(events, length: 6))
        {
            var ejection = new Ejection();
            var model = new Model();
            var now = 1000L;
            for (var step = 0; step < sequence.Length; step++)
            {
                now += sequence[step] == Event.TimePasses ? 60 : 1;
                model.Apply(sequence[step], now, Apply(ejection, sequence[step], now));
                Assert.True(
                    model.Agrees(ejection),
                    $"After {string.Join(", ", sequence.Take(step + 1))} the model says {model}, but it is ejected {ejection.IsEjected} until {ejection.Until}, trial due {ejection.TrialDue}.");
            }
        }
    }

    [Fact]
    public void Each_trial_in_a_row_without_a_result_has_twice_the_time()
    {
        Eject(now: 0);
        var now = Base;

        foreach (var limit in new[] { TrialLimit, 2 * TrialLimit, 4 * TrialLimit })
        {
            Assert.True(BeginsTrial(now));
            Assert.False(BeginsTrial(now + limit - 1));
            now += limit;
        }
    }

    [Fact]
    public void A_trial_after_one_with_a_result_has_the_usual_time()
    {
        Eject(now: 0);
        BeginsTrial(Base);
        BeginsTrial(Base + TrialLimit);
        _ejection.AbandonTrial(began: Base + TrialLimit);

        BeginsTrial(Base + TrialLimit + 1);

        Assert.Equal(Base + TrialLimit + 1 + TrialLimit, _ejection.TrialDue);
    }

    private bool BeginsTrial(long now) => _ejection.TryBeginTrial(now, now, TrialLimit);

    private static bool Apply(Ejection ejection, Event happens, long now)
    {
        switch (happens)
        {
            case Event.Fails:
                ejection.EjectForFailures(now, Base, Max, jitter: 1);
                break;
            case Event.AsksToBeLeftAlone:
                ejection.SetAside(now, 50);
                break;
            case Event.TrialBegins:
                return ejection.TryBeginTrial(now, now, TrialLimit);
            case Event.TrialIsGivenBack:
                ejection.AbandonTrial(began: ejection.TrialDue - TrialLimit);
                break;
            case Event.Returns:
                ejection.Return(now);
                break;
        }

        return false;
    }

    private void Eject(long now) => _ejection.EjectForFailures(now, Base, Max, jitter: 1);

    private enum Event
    {
        Fails,
        AsksToBeLeftAlone,
        TrialBegins,
        TrialIsGivenBack,
        Returns,
        TimePasses,
    }

    private sealed record Model
    {
        private (long From, long To)? _out;
        private (long From, long To)? _lastOut;
        private long? _back;
        private int _inRow;
        private bool _trial;
        private long _trialBegan;

        internal void Apply(Event happens, long now, bool trialBegan)
        {
            switch (happens)
            {
                case Event.Fails:
                    var goodFor = _out is null && _back is { } back ? now - back : -1;
                    _inRow = _lastOut is { } last && goodFor >= last.To - last.From ? 1 : _inRow + 1;
                    Leave(now, Math.Min(Max, Base * _inRow));
                    break;
                case Event.AsksToBeLeftAlone:
                    Leave(now, 50);
                    break;
                case Event.TrialBegins:
                    Assert.Equal(_out is { } window && now >= window.To && !_trial, trialBegan);
                    (_trial, _trialBegan) = trialBegan ? (true, now) : (_trial, _trialBegan);
                    break;
                case Event.TrialIsGivenBack:
                    _trial = false;
                    break;
                case Event.Returns:
                    (_out, _trial, _back) = (null, false, now);
                    break;
            }
        }

        internal bool Agrees(Ejection ejection) =>
            ejection.IsEjected == (_out is not null)
            && ejection.TrialDue == (_out is not { } due ? long.MaxValue : _trial ? _trialBegan + TrialLimit : due.To)
            && (_out is not { } window || (ejection.Began == window.From && ejection.Until == window.To));

        public override string ToString() => $"out {_out}, trial {_trial}, {_inRow} in a row";

        private void Leave(long now, long duration)
        {
            _out = _lastOut = (now, now + duration);
            _trial = false;
        }
    }
}
