namespace ClientSideLb.Tests;

public sealed class LoadPenaltyTests
{
    private readonly PenaltyCount _count = new();
    private readonly LoadPenalty _penalty;

    public LoadPenaltyTests() => _penalty = new LoadPenalty(_count);

    [Fact]
    public void Without_a_failure_there_is_no_penalty()
    {
        _penalty.AddSuccess(At(0));

        Assert.Equal(1, _penalty.GetFactor(At(0)));
        Assert.Equal(7, _penalty.Apply(7, At(0)));
        Assert.False(_count.IsAny);
    }

    [Fact]
    public void Each_failure_in_a_row_makes_the_endpoint_look_busier()
    {
        var factors = new List<double> { 1 };
        for (var i = 0; i < 5; i++)
        {
            _penalty.AddFailure(At(0));
            factors.Add(_penalty.GetFactor(At(0)));
        }

        Assert.All(factors.Zip(factors.Skip(1)), static pair => Assert.True(pair.Second > pair.First));
        Assert.InRange(factors[1], 1.2, 2);
        Assert.True(factors[4] > 50);
    }

    [Fact]
    public void The_penalty_has_a_limit_so_that_no_endpoint_is_cut_off()
    {
        for (var i = 0; i < 1000; i++)
        {
            _penalty.AddFailure(At(0));
        }

        Assert.Equal(2370, _penalty.GetFactor(At(0)), tolerance: 1);
    }

    [Fact]
    public void The_penalty_decays_by_itself()
    {
        for (var i = 0; i < 1000; i++)
        {
            _penalty.AddFailure(At(0));
        }

        Assert.InRange(_penalty.GetFactor(At(5)), 3, 6);
        Assert.InRange(_penalty.GetFactor(At(12)), 1.2, 1.6);
        Assert.Equal(0, _penalty.Apply(0, At(12)));
        Assert.Equal(1, _penalty.GetFactor(At(25)));
    }

    [Fact]
    public void A_few_successes_end_the_penalty()
    {
        _penalty.AddFailure(At(0));
        _penalty.AddFailure(At(0));

        for (var i = 0; i < 10; i++)
        {
            _penalty.AddSuccess(At(0));
        }

        Assert.Equal(0, _penalty.Apply(0, At(0)));
        Assert.InRange(_penalty.GetFactor(At(0)), 1, 1.25);
    }

    [Fact]
    public void The_request_that_looks_for_an_endpoint_counts_as_load()
    {
        for (var i = 0; i < 3; i++)
        {
            _penalty.AddFailure(At(0));
        }

        var factor = _penalty.GetFactor(At(0));
        Assert.Equal(Math.Round(factor) - 1, _penalty.Apply(0, At(0)));
        Assert.Equal(Math.Round((3 * factor) - 1), _penalty.Apply(2, At(0)));
    }

    [Fact]
    public void The_count_tells_whether_any_endpoint_has_a_penalty_until_the_last_one_has_decayed()
    {
        var other = new LoadPenalty(_count);
        _penalty.AddFailure(At(0));
        other.AddFailure(At(0));

        other.Clear();
        Assert.True(_count.IsAny);

        // Whoever looks at the penalty notices that it has decayed.
        _penalty.GetFactor(At(60));
        Assert.False(_count.IsAny);
    }

    [Fact]
    public void The_count_is_right_whatever_threads_do_at_the_same_time()
    {
        Concurrently.Run(4, thread =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                switch ((i + thread) % 4)
                {
                    case 0:
                        _penalty.AddFailure(At(i));
                        break;
                    case 1:
                        _penalty.AddSuccess(At(i));
                        break;
                    case 2:
                        _penalty.GetFactor(At(i + 60));
                        break;
                    default:
                        _penalty.Clear();
                        break;
                }
            }
        });

        _penalty.Clear();
        Assert.False(_count.IsAny);
    }

    [Fact]
    public void The_time_may_pass_the_limit_of_its_32_bits()
    {
        var before = TimeSpan.FromMilliseconds(uint.MaxValue - 1000.0);
        for (var i = 0; i < 3; i++)
        {
            _penalty.AddFailure(before);
        }

        Assert.InRange(_penalty.GetFactor(before + TimeSpan.FromSeconds(2)), 3, 0.9 * _penalty.GetFactor(before));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
