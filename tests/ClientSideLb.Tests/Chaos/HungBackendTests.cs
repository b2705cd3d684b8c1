namespace ClientSideLb.Tests.Chaos;

/// <summary>A backend takes requests and never answers.</summary>
[Collection(ChaosCollection.Name)]
public sealed class HungBackendTests(ITestOutputHelper output)
{
    // Far longer than a good backend needs on a machine that is busy and a backend that is cold: whoever runs out of it met the hung one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_a_timeout_of_the_client_it_is_found_by_the_requests_it_left_unanswered(bool probed)
    {
        await using var test = await ChaosTest.StartAsync(
            3,
            output,
            options =>
            {
                options.OutlierDetection.UnansweredWait = Patience / 2;
                options.Probe(probed);
            },
            timeout: Patience);
        await using var load = test.StartLoad();

        await test.OutageAsync(load, test[0], Mode.Hung);

        // The requests that waited for it when it hung, and a trial now and then.
        Assert.InRange(load.Failures.Count, 0, 2 * Load.DefaultClients);
        Assert.All(load.Failures, static failure => Assert.IsType<TaskCanceledException>(failure));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_an_attempt_timeout_no_request_fails(bool probed)
    {
        await using var test = await ChaosTest.StartAsync(3, output, options =>
        {
            options.Failover.AttemptTimeout = Patience;
            options.Probe(probed);
        });
        await using var load = test.StartLoad();

        await test.OutageAsync(load, test[0], Mode.Hung);
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task A_process_that_is_stopped_and_runs_on_costs_no_request_with_an_attempt_timeout()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        await using var test = await ChaosTest.StartAsync(3, output, static options => options.Failover.AttemptTimeout = Patience);
        await using var load = test.StartLoad();

        await test.OutageAsync(load, test[0], test[0].PauseAsync, test[0].ContinueAsync);
        Assert.Empty(load.Failures);
    }
}
