namespace ClientSideLb.Tests.Chaos;

/// <summary>One of three backends runs, but is slow or busy, or breaks connections.</summary>
[Collection(ChaosCollection.Name)]
public sealed class FaultyBackendTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_slow_backend_gets_fewer_requests_and_is_not_ejected()
    {
        await using var test = await ChaosTest.StartAsync(3, output);
        await using var load = test.StartLoad();
        await load.AnswersAsync(500);

        await test[0].BecomeAsync(Mode.Slow);
        var share = await test.ShareAsync(test[0]);
        await load.StopAsync();

        test.Report(load);
        test.Report($"share of the slow one: {share:P1}");
        Assert.Empty(load.Failures);
        Assert.InRange(share, 0, 0.2);
        Assert.Equal(EndpointHealth.Healthy, test.EndpointOf(test[0]).Health);
        Assert.Equal(load.Requests, test.Attempts);
    }

    [Theory]
    [InlineData(Mode.Busy, false)]
    [InlineData(Mode.Busy, true)]
    [InlineData(Mode.ResetBeforeHeaders, false)]
    [InlineData(Mode.ResetBeforeHeaders, true)]
    public async Task Requests_that_get_no_answer_or_a_503_move_and_the_backend_is_ejected(string mode, bool probed)
    {
        await using var test = await ChaosTest.StartAsync(3, output, options => options.Probe(probed));
        await using var load = test.StartLoad();
        var share = 1.0;

        await test.OutageAsync(
            load,
            test[0],
            () => test[0].BecomeAsync(mode),
            async () =>
            {
                share = await test.ShareAsync(test[0]);
                await test[0].BecomeAsync(Mode.Good);
            });

        test.Report($"share of the faulty one: {share:P1}");
        Assert.Empty(load.Failures);
        Assert.InRange(share, 0, 0.05);
    }

    [Fact]
    public async Task The_caller_sees_answers_that_break_off_after_their_headers_until_the_backend_is_ejected()
    {
        await using var test = await ChaosTest.StartAsync(3, output);
        await test[0].BecomeAsync(Mode.ResetAfterHeaders);
        await using var load = test.StartLoad();

        var detect = await test.TimeToAsync(test[0], EndpointHealth.Ejected);
        await load.AnswersAsync(500);
        await load.StopAsync();

        test.Report(load, ("detect", detect));
        Assert.NotEmpty(load.Failures);
        Assert.All(load.Failures, static failure => Assert.IsType<HttpRequestException>(failure));

        // The caller has seen each answer that broke off. Only attempts that broke off before their headers were sent have moved.
        Assert.Equal(test.AttemptsAt(test[0]), load.Failures.Count + test.Attempts - load.Requests);
        Assert.Equal(0, test.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flapping_backend_costs_no_request(bool probed)
    {
        await using var test = await ChaosTest.StartAsync(3, output, options => options.Probe(probed));
        await using var load = test.StartLoad();
        await load.AnswersAsync(500);

        await test[0].BecomeAsync(Mode.Flapping);
        for (var i = 0; i < 2; i++)
        {
            await test.TimeToAsync(test[0], EndpointHealth.Ejected, EndpointHealth.Unhealthy);
            await test.TimeToAsync(test[0], EndpointHealth.Healthy);
        }

        await load.StopAsync();

        test.Report(load);
        Assert.Empty(load.Failures);
        Assert.Equal(0, test.InFlight);
    }
}
