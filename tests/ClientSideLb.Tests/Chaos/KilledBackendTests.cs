using System.Net.Sockets;

namespace ClientSideLb.Tests.Chaos;

/// <summary>Backends are killed (SIGKILL) and started again under load.</summary>
[Collection(ChaosCollection.Name)]
public sealed class KilledBackendTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_request_fails_when_a_backend_is_killed_and_the_backend_gets_its_share_again_when_it_is_back(bool probed)
    {
        await using var test = await ChaosTest.StartAsync(3, output, options => options.Probe(probed));
        await using var load = test.StartLoad();
        await load.AnswersAsync(500);

        var (detect, recover) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < 2; i++)
        {
            var dying = test[i].KillAsync();
            detect = Max(detect, await test.TimeToAsync(test[i], EndpointHealth.Ejected, EndpointHealth.Unhealthy));
            await dying;
            await load.AnswersAsync(200);

            await test[i].RestartAsync();
            recover = Max(recover, await test.TimeToAsync(test[i], EndpointHealth.Healthy));
        }

        var share = await test.ShareBetweenAsync(test[1], 0.15, 0.5);
        await load.StopAsync();

        test.Report(load, ("detect, at most", detect), ("return, at most", recover));
        test.Report($"share of the last one that came back: {share:P0}");
        Assert.Empty(load.Failures);
        Assert.Equal(0, test.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_request_fails_when_half_of_all_backends_are_killed_at_once(bool probed)
    {
        await using var test = await ChaosTest.StartAsync(4, output, options => options.Probe(probed));
        await using var load = test.StartLoad();
        await load.AnswersAsync(500);

        var dying = Task.WhenAll(test[0].KillAsync(), test[1].KillAsync());
        var detect = Max(
            await test.TimeToAsync(test[0], EndpointHealth.Ejected, EndpointHealth.Unhealthy),
            await test.TimeToAsync(test[1], EndpointHealth.Ejected, EndpointHealth.Unhealthy));
        await dying;
        await load.AnswersAsync(500);

        await Task.WhenAll(test[0].RestartAsync(), test[1].RestartAsync());
        var recover = Max(await test.TimeToAsync(test[0], EndpointHealth.Healthy), await test.TimeToAsync(test[1], EndpointHealth.Healthy));
        await load.AnswersAsync(500);
        await load.StopAsync();

        test.Report(load, ("detect", detect), ("return", recover));
        Assert.Empty(load.Failures);
        Assert.Equal(0, test.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_fail_with_a_clear_exception_while_all_backends_are_dead_and_none_fails_after_their_return(bool probed)
    {
        await using var test = await ChaosTest.StartAsync(3, output, options => options.Probe(probed));
        await using var load = test.StartLoad();
        await load.AnswersAsync(500);

        await Task.WhenAll(test[0].KillAsync(), test[1].KillAsync(), test[2].KillAsync());
        var failed = load.Failures.Count;
        var detect = await ChaosTest.TimeToAsync(() => load.Failures.Count > failed + 100, "requests fail");
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => test.Http.GetAsync("/"));
        test.Report($"while all are dead: {failure.Message}");
        Assert.Equal(HttpRequestError.ConnectionError, failure.HttpRequestError);
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);

        await Task.WhenAll(test[0].RestartAsync(), test[1].RestartAsync(), test[2].RestartAsync());
        var answers = load.Answers;
        var recover = await ChaosTest.TimeToAsync(() => load.Answers > answers, "requests are answered");
        for (var i = 0; i < 3; i++)
        {
            recover = Max(recover, await test.TimeToAsync(test[i], EndpointHealth.Healthy));
        }

        failed = load.Failures.Count;
        await load.AnswersAsync(500);
        await load.StopAsync();

        test.Report(load, ("fail", detect), ("return", recover));
        Assert.Equal(failed, load.Failures.Count);
        Assert.All(load.Failures, static failure => Assert.IsType<HttpRequestException>(failure));
        Assert.False(test.Cluster.InPanic);
        Assert.Equal(0, test.InFlight);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
