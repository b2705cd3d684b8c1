using System.Net;

namespace ClientSideLb.Tests;

/// <summary>An endpoint whose server errors stand out from its cluster is ejected. A fault that all endpoints share ejects nobody.</summary>
public sealed class ServerErrorTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void An_endpoint_that_answers_everything_with_500_is_ejected_after_five_answers(int endpoints)
    {
        var lab = new ClusterLab(endpoints);

        Answer(lab, rounds: 4, endpoints, static index => index == 0);
        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        Answer(lab, rounds: 2, endpoints, static index => index == 0);

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
        Assert.Equal("it answers with server errors, and the others do not", lab[0].HealthReason);
        Assert.Equal(1, lab.Count(EndpointHealth.Ejected));
    }

    [Fact]
    public void An_endpoint_that_answers_with_500_is_ejected_however_rare_the_requests_are()
    {
        var lab = new ClusterLab(3);
        for (var i = 0; i < 6; i++)
        {
            Answer(lab, rounds: 1, endpoints: 3, static index => index == 0);
            lab.Advance(seconds: 600);
        }

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.8)]
    [InlineData(0.5)]
    [InlineData(0.2)]
    [InlineData(0.05)]
    public void A_rate_of_errors_that_all_share_ejects_nobody(double rate)
    {
        var lab = new ClusterLab(3);
        var random = new SeededRandom(1);

        Answer(lab, rounds: 20_000, endpoints: 3, _ => random.NextDouble() < rate);

        Assert.Empty(lab.Logged(10));
        Assert.Equal(3, lab.Count(EndpointHealth.Healthy));
    }

    [Fact]
    public void Endpoints_that_all_fail_are_not_ejected_if_one_gets_most_of_the_requests()
    {
        var lab = new ClusterLab(3);
        Answer(lab, rounds: 100, endpoints: 3, static _ => false);

        for (var i = 0; i < 100; i++)
        {
            Answer(lab, rounds: 30, endpoints: 1, static _ => true);
            Answer(lab, rounds: 1, endpoints: 3, static _ => true);
        }

        Assert.Equal(3, lab.Count(EndpointHealth.Healthy));
    }

    [Fact]
    public void An_endpoint_beside_others_that_were_asked_nothing_meanwhile_is_not_judged()
    {
        var lab = new ClusterLab(3);
        Answer(lab, rounds: 10, endpoints: 3, static _ => false);
        lab.Advance(seconds: 1);

        Answer(lab, rounds: 100, endpoints: 1, static _ => true);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
    }

    [Fact]
    public void An_endpoint_that_fails_most_of_the_time_is_ejected_beside_others_that_fail_now_and_then()
    {
        var lab = new ClusterLab(3);
        var random = new SeededRandom(1);

        Answer(lab, rounds: 2000, endpoints: 3, index => random.NextDouble() < (index == 0 ? 0.9 : 0.05));

        Assert.NotEmpty(lab.Logged(10));
        Assert.All(lab.Logged(10), message => Assert.Contains("10.1.0.1", message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_trial_that_is_answered_with_500_fails_and_one_that_is_answered_well_brings_the_endpoint_back()
    {
        var lab = new ClusterLab(3);
        Answer(lab, rounds: 6, endpoints: 3, static index => index == 0);
        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);

        lab.LetEjectionPass(0);
        End(lab, Trial(lab), isError: true);
        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);

        lab.LetEjectionPass(0);
        End(lab, Trial(lab), isError: false);
        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
    }

    [Fact]
    public void A_rule_of_the_application_that_accepts_500_ejects_nobody()
    {
        var lab = new ClusterLab(3);
        for (var i = 0; i < 20; i++)
        {
            for (var index = 0; index < 3; index++)
            {
                var lease = lab.SendTo(index);
                lab.Cluster.Observe(lease, Result(lease, isError: index == 0) with { IsJudgedByApplication = true });
                lease.Release();
            }
        }

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
    }

    private static EndpointLease Trial(ClusterLab lab)
    {
        var trial = lab.Acquire()!;
        Assert.True(trial.IsTrial);
        return trial;
    }

    private static void Answer(ClusterLab lab, int rounds, int endpoints, Predicate<int> isError)
    {
        for (var round = 0; round < rounds; round++)
        {
            for (var index = 0; index < endpoints; index++)
            {
                End(lab, lab.SendTo(index), isError(index));
            }
        }
    }

    private static void End(ClusterLab lab, EndpointLease lease, bool isError)
    {
        lab.Time.Advance(TimeSpan.FromTicks(1));
        lab.Cluster.Observe(lease, Result(lease, isError));
        lease.Release();
    }

    private static AttemptResult Result(EndpointLease lease, bool isError) => new()
    {
        Endpoint = lease.Endpoint,
        Request = new HttpRequestMessage(),
        Response = new HttpResponseMessage(isError ? HttpStatusCode.InternalServerError : HttpStatusCode.OK),
        Verdict = AttemptVerdict.Success,
        IsFromPrimary = true,
    };
}
