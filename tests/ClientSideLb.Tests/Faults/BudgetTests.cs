using ClientSideLb.Tests.Chaos;
using ClientSideLb.Tests.Functional;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests.Faults;

/// <summary>The retry budget stops storms, and lets everything that can move do so.</summary>
public sealed class BudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task No_request_fails_if_half_of_the_backends_refuse_from_the_start()
    {
        await using var fleet = await BackendFleet.StartAsync(5);
        var addresses = fleet.Select(static backend => backend.Address)
            .Concat(Enumerable.Range(0, 5).Select(static _ => new Uri($"http://127.0.0.1:{FreePort.Take()}/")));
        await using var client = BalancedClient.Of(addresses);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.GetAsync(50)));

        Assert.Equal(400, fleet.Sum(static backend => backend.Count));
    }

    [Fact]
    public void A_refused_connection_uses_up_no_attempt_and_a_broken_one_does()
    {
        Assert.Equal(0, FailoverRules.CountAttempt(Result(AttemptVerdict.Refused)));
        Assert.Equal(1, FailoverRules.CountAttempt(Result(AttemptVerdict.Failure)));
    }

    [Fact]
    public void The_first_broken_connection_of_an_endpoint_adds_what_is_in_flight_there_to_the_budget()
    {
        var lab = new ClusterLab(3, static options => options.OutlierDetection.Enabled = false);
        lab.Succeed(0);
        var inFlight = Enumerable.Range(0, 60).Select(_ => lab.SendTo(0)).ToList();

        foreach (var lease in inFlight)
        {
            lab.Cluster.Observe(lease, Result(AttemptVerdict.Failure) with { Endpoint = lease.Endpoint, IsBrokenConnection = true });
            lease.Release();
        }

        Assert.Equal(60, TakeAll(lab.Cluster.RetryBudget));
    }

    [Fact]
    public void An_endpoint_that_never_worked_adds_nothing_when_its_connections_break()
    {
        var lab = new ClusterLab(3, static options => options.OutlierDetection.Enabled = false);
        var lease = lab.SendTo(0);

        lab.Cluster.Observe(lease, Result(AttemptVerdict.Failure) with { Endpoint = lease.Endpoint, IsBrokenConnection = true });

        Assert.Equal(0, TakeAll(lab.Cluster.RetryBudget));
    }

    [Fact]
    public void Each_endpoint_adds_to_the_budget_once_in_ten_seconds_in_a_storm()
    {
        var lab = new ClusterLab(3, static options => options.OutlierDetection.Enabled = false);
        lab.Succeed(0);
        for (var i = 0; i < 100; i++)
        {
            var lease = lab.SendTo(0);
            lab.Cluster.Observe(lease, Result(AttemptVerdict.Failure) with { Endpoint = lease.Endpoint, IsBrokenConnection = true });
            lease.Release();
        }

        Assert.Equal(1, TakeAll(lab.Cluster.RetryBudget));
    }

    [Fact]
    public void An_addition_to_the_budget_is_gone_after_ten_seconds()
    {
        var budget = new RetryBudgetWindow(_time);
        budget.Grant(5, _time.GetTimestamp());

        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(0, TakeAll(budget));
    }

    [Fact]
    public void Hedges_leave_the_budget_of_failed_requests_untouched()
    {
        var budget = new RetryBudgetWindow(_time);
        for (var i = 0; i < 100; i++)
        {
            budget.AddRequest(_time.GetTimestamp());
        }

        var hedges = 0;
        while (budget.TryTakeHedge(ratio: 0.2, minimumPerSecond: 0))
        {
            hedges++;
        }

        Assert.Equal((20, 20), (hedges, TakeAll(budget)));
    }

    private static AttemptResult Result(AttemptVerdict verdict) => new() { Endpoint = null!, Request = null!, Exception = new IOException(), Verdict = verdict, IsFromPrimary = true };

    private static int TakeAll(RetryBudgetWindow budget)
    {
        var taken = 0;
        while (taken < 1000 && budget.TryTake(ratio: 0.2, minimumPerSecond: 0))
        {
            taken++;
        }

        return taken;
    }
}
