namespace ClientSideLb.Tests.Chaos;

/// <summary>A backend takes requests and never answers.</summary>
[Collection(ChaosCollection.Name)]
public sealed class HungBackendTests(ITestOutputHelper output)
{
    // Far longer than a good backend needs, even on a busy machine: only requests at the hung backend wait so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unanswered_requests_eject_a_hung_backend_if_the_client_has_a_timeout(bool probed)
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

        // The requests that were at the backend when it hung fail, and a trial now and then.
        Assert.InRange(load.Failures.Count, 0, 2 * Load.DefaultClients);
        Assert.All(load.Failures, static failure => Assert.IsType<TaskCanceledException>(failure));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_request_fails_because_of_a_hung_backend_if_attempts_have_a_timeout(bool probed)
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
    public async Task No_request_fails_when_a_process_is_stopped_and_continued_if_attempts_have_a_timeout()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        await using var test = await ChaosTest.StartAsync(3, output, static options => options.Failover.AttemptTimeout = Patience);
        await using var load = test.StartLoad();

        await test.OutageAsync(load, test[0], test[0].PauseAsync, test[0].ContinueAsync);
        Assert.Empty(load.Failures);
    }
}
