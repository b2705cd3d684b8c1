using System.Collections.Concurrent;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Chaos;

/// <summary>Backends are drained and stopped under load. Failover is off, so a request to a stopped backend would fail.</summary>
public sealed class MaintenanceTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_backend_that_is_drained_and_idle_can_be_stopped_without_a_failed_request()
    {
        await using var fleet = await StartAsync(3);
        await using var client = BalancedClient.Of(fleet, static options => options.Failover.Enabled = false);
        await using var load = new Load(client.Http, Load.DefaultClients, Post);
        await load.AnswersAsync(500);

        for (var i = 0; i < 2; i++)
        {
            Assert.True(client.Cluster.TryDrain(fleet[i].Address));
            var endpoint = client.EndpointOf(fleet[i]);
            Assert.Equal(EndpointHealth.Draining, endpoint.Health);
            await Eventually.Done(endpoint.WaitUntilIdleAsync());
            var count = fleet[i].Count;
            await fleet[i].DisposeAsync();
            await load.AnswersAsync(300);
            Assert.Equal((count, 0), (fleet[i].Count, endpoint.InFlight));
        }

        await load.StopAsync();
        output.WriteLine($"{load.Requests} requests, {load.Failures.Count} failures, two of three backends stopped");
        Assert.Empty(load.Failures);
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task No_request_is_at_an_idle_endpoint_while_endpoints_drain_and_resume()
    {
        var atWork = new ConcurrentDictionary<int, int>();
        await using var fleet = await BackendFleet.StartAsync(3, async context =>
        {
            atWork.AddOrUpdate(context.Connection.LocalPort, 1, static (_, count) => count + 1);
            await Task.Yield();
            atWork.AddOrUpdate(context.Connection.LocalPort, 0, static (_, count) => count - 1);
        });
        await using var client = BalancedClient.Of(fleet, static options => options.Failover.Enabled = false);
        await using var load = new Load(client.Http, Load.DefaultClients, Post);
        await load.AnswersAsync(200);

        for (var i = 0; i < 60; i++)
        {
            var backend = fleet[i % 3];
            Assert.True(client.Cluster.TryDrain(backend.Address));
            await Eventually.Done(client.EndpointOf(backend).WaitUntilIdleAsync());
            var count = backend.Count;
            Assert.Equal(0, atWork.GetValueOrDefault(backend.Port));
            await load.AnswersAsync(20);
            Assert.Equal(count, backend.Count);
            Assert.True(client.Cluster.TryResume(backend.Address));
        }

        await load.StopAsync();
        output.WriteLine($"{load.Requests} requests, {load.Failures.Count} failures, 60 drains");
        Assert.Empty(load.Failures);
        Assert.All(fleet.Counts, static count => Assert.InRange(count, 1, int.MaxValue));
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_reload_to_weight_0_drains_an_endpoint_and_a_reload_to_another_weight_resumes_it()
    {
        await using var fleet = await StartAsync(2);
        var configuration = new ReloadableConfiguration(Weights(fleet, 1));
        await using var client = BalancedClient.Create(builder => builder.AddLoadBalancing(configuration.Root));
        await using var load = new Load(client.Http, Load.DefaultClients, Post);
        await load.AnswersAsync(200);

        configuration.Replace(Weights(fleet, 0));
        var endpoint = client.EndpointOf(fleet[0]);
        Assert.Equal(EndpointHealth.Draining, endpoint.Health);
        await Eventually.Done(endpoint.WaitUntilIdleAsync());
        var count = fleet[0].Count;
        await load.AnswersAsync(300);
        Assert.Equal(count, fleet[0].Count);

        configuration.Replace(Weights(fleet, 1));
        await load.AnswersAsync(300);
        await load.StopAsync();
        Assert.InRange(fleet[0].Count, count + 1, int.MaxValue);
        Assert.Same(endpoint, client.EndpointOf(fleet[0]));
        Assert.Empty(load.Failures);
    }

    // With a body of two parts, a request is in flight for some time after its headers.
    private static Task<BackendFleet> StartAsync(int count) => BackendFleet.StartAsync(count, static async context =>
    {
        await context.Response.WriteAsync("first");
        await context.Response.Body.FlushAsync();
        await Task.Yield();
        await context.Response.WriteAsync("second");
    });

    private static HttpRequestMessage Post() => new(HttpMethod.Post, "/") { Content = new StringContent("order") };

    private static (string Key, string Value)[] Weights(BackendFleet fleet, int weightOfTheFirst) =>
    [
        ("Failover:Enabled", "false"),
        ("Endpoints:0:Address", fleet[0].Address.ToString()),
        ("Endpoints:0:Weight", $"{weightOfTheFirst}"),
        ("Endpoints:1:Address", fleet[1].Address.ToString()),
    ];
}
