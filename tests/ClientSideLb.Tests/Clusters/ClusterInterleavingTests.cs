namespace ClientSideLb.Tests;

/// <summary>
/// Runs the steps of several actors in every order that keeps each actor's own order. All changes of state happen under one lock, and
/// each step is one such change, so these are the orders that threads can produce.
/// </summary>
public sealed class ClusterInterleavingTests
{
    private static readonly Actor.Outcome[] Meaningful =
        [Actor.Outcome.Succeeds, Actor.Outcome.Fails, Actor.Outcome.IsCancelled, Actor.Outcome.SucceedsWithRetryAfter];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Invariants_hold_for_two_requests_and_a_drain(bool probed) =>
        Explore(
            new Setting(Endpoints: 2, probed),
            from a in Meaningful
            from b in Actor.AllOutcomes
            select (Actor[])[Actor.ShortRequest("A", a), Actor.Request("B", b), Actor.Operator(0)]);

    [Fact]
    public void Invariants_hold_for_a_trial_another_request_and_a_probe() =>
        Explore(
            new Setting(Endpoints: 3, Probed: true, Ejected: 0),
            from a in Actor.AllOutcomes
            from b in Meaningful
            from passes in new[] { true, false }
            select (Actor[])[Actor.Request("A", a), Actor.ShortRequest("B", b), Actor.Prober(0, passes)]);

    [Fact]
    public void Invariants_hold_for_a_trial_whose_endpoint_leaves_and_comes_back() =>
        Explore(
            new Setting(Endpoints: 2, Probed: false, Ejected: 0),
            from a in Actor.AllOutcomes
            from b in Meaningful
            select (Actor[])[Actor.Request("A", a), Actor.ShortRequest("B", b), Actor.Discovery(0)]);

    [Fact]
    public void Invariants_hold_for_a_trial_whose_endpoint_leaves_while_it_is_probed_and_time_passes() =>
        Explore(
            new Setting(Endpoints: 2, Probed: true, Ejected: 0),
            from a in Meaningful
            from passes in new[] { true, false }
            select (Actor[])[Actor.Request("A", a), Actor.Discovery(0), Actor.Prober(0, passes), Actor.Clock(30)]);

    [Fact]
    public void Invariants_hold_for_a_trial_whose_endpoint_is_drained_and_probed_while_time_passes() =>
        Explore(
            new Setting(Endpoints: 3, Probed: true, Ejected: 0),
            from a in Meaningful
            from passes in new[] { true, false }
            select (Actor[])[Actor.ShortRequest("A", a), Actor.Operator(0), Actor.Prober(0, passes), Actor.Clock(30)]);

    [Fact]
    public void Invariants_hold_for_a_trial_that_outlives_its_ejection() =>
        Explore(
            new Setting(Endpoints: 3, Probed: true, Ejected: 0),
            [[
                Actor.ShortRequest("A", Actor.Outcome.EndsNeutrally),
                Actor.Prober(0, passes: true),
                Actor.RequestTo(0, "B", Actor.Outcome.Fails),
                Actor.ShortRequest("C", Actor.Outcome.IsCancelled),
                Actor.Clock(30),
            ]]);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Invariants_hold_for_endpoints_that_fail_together(int endpoints) =>
        Explore(
            new Setting(endpoints, Probed: false),
            from a in Failing
            from b in Failing
            from c in Failing
            select (Actor[])[Actor.RequestTo(0, "A", a), Actor.RequestTo(1, "B", b), Actor.RequestTo(endpoints - 1, "C", c)]);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Invariants_hold_for_endpoints_that_fail_together_while_one_is_drained(int endpoints) =>
        Explore(
            new Setting(endpoints, Probed: false),
            from a in Failing
            from b in Failing
            select (Actor[])[Actor.RequestTo(0, "A", a), Actor.RequestTo(1, "B", b), Actor.Operator(endpoints - 1), Actor.Clock(30)]);

    [Fact]
    public void Invariants_hold_for_endpoints_that_fail_while_probes_fail_and_discovery_loses_one() =>
        Explore(
            new Setting(Endpoints: 3, Probed: true),
            from a in Failing
            select (Actor[])[
                Actor.RequestTo(0, "A", a), Actor.ShortRequest("B", Actor.Outcome.Succeeds), Actor.Prober(1, passes: false), Actor.Discovery(2)]);

    [Fact]
    public void Invariants_hold_for_a_trial_a_probe_and_a_reload_that_switches_both_off_and_on() =>
        Explore(
            new Setting(Endpoints: 3, Probed: true, Ejected: 0),
            from a in Meaningful
            from passes in new[] { true, false }
            select (Actor[])[Actor.ShortRequest("A", a), Actor.Prober(0, passes), Actor.Reload(), Actor.RequestTo(1, "B", Actor.Outcome.Fails)]);

    [Fact]
    public void Invariants_hold_for_a_trial_of_an_endpoint_that_is_lost_and_drained_during_a_reload() =>
        Explore(
            new Setting(Endpoints: 2, Probed: false, Ejected: 0),
            from a in new[] { Actor.Outcome.Fails, Actor.Outcome.EndsNeutrally }
            select (Actor[])[Actor.ShortRequest("A", a), Actor.Discovery(0), Actor.Operator(0), Actor.Reload()]);

    [Fact]
    public void Each_interleaving_is_explored_once()
    {
        var schedules = Sequences.Interleavings(2, 3, 1).Select(static schedule => string.Concat(schedule)).ToList();

        Assert.Equal(60, schedules.Count);
        Assert.Equal(60, schedules.Distinct().Count());
        Assert.All(schedules, static schedule => Assert.Equal("001112", string.Concat(schedule.Order())));
    }

    private static readonly Actor.Outcome[] Failing =
        [Actor.Outcome.Fails, Actor.Outcome.IsRefused, Actor.Outcome.FailsWithRetryAfter];

    private static void Explore(Setting setting, IEnumerable<Actor[]> casts)
    {
        var runs = 0;
        foreach (var cast in casts)
        {
            foreach (var schedule in Sequences.Interleavings([.. cast.Select(static actor => actor.Steps.Length)]))
            {
                Run(setting, cast, schedule);
                runs++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{runs} runs");
    }

    private static void Run(Setting setting, Actor[] cast, int[] schedule)
    {
        var world = new ClusterWorld(setting.Endpoints, setting.Probed);
        if (setting.Ejected is { } ejected)
        {
            world.EjectAndLetTimePass(ejected);
        }

        var next = new int[cast.Length];
        var done = 0;
        try
        {
            foreach (var index in schedule)
            {
                done++;
                var actor = cast[index];
                world.Do(actor.Steps[next[index]++].Do, actor.Name);
            }

            world.Finish();
        }
        catch (Exception fault)
        {
            Assert.Fail($"{fault.Message}\n  After: {Describe(cast, schedule.Take(done))}\n  World: {world}\n{fault.StackTrace}");
        }
    }

    private static string Describe(Actor[] cast, IEnumerable<int> schedule)
    {
        var next = new int[cast.Length];
        return string.Join(", ", schedule.Select(index => $"{cast[index]} {cast[index].Steps[next[index]++].What}"));
    }

    private sealed record Setting(int Endpoints, bool Probed, int? Ejected = null);
}
