using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>IHttpClientFactory replaces a client's handlers every few minutes. The state of the endpoints stays.</summary>
public sealed class HandlerRotationTests
{
    private int _handlers;

    [Fact]
    public async Task A_new_handler_continues_the_rotation_and_the_counts_of_requests_in_flight()
    {
        var gate = new Gate();
        await using var fleet = await BackendFleet.StartAsync(3, async context =>
        {
            if (context.Request.Path == "/held")
            {
                await context.Response.Body.WriteAsync(new byte[10]);
                await context.Response.Body.FlushAsync();
                await gate.HoldAsync(context);
            }
        });
        await using var client = Client(fleet);

        // One request of the first handler is held. After three more, the rotation is in the middle of a round.
        using var held = await client.Http.GetAsync("/held", HttpCompletionOption.ResponseHeadersRead);
        await client.GetAsync(3);
        var endpoints = client.Endpoints.ToArray();
        var busy = held.RequestMessage!.GetEndpoint()!;

        var renewed = await RenewAsync(client);
        Assert.Equal(endpoints, client.Endpoints);
        Assert.Equal((1, 1), (busy.InFlight, client.InFlight));

        // Two requests of the second handler end the round. After that, both handlers use the same rotation.
        for (var i = 0; i < 2; i++)
        {
            (await renewed.GetAsync("/")).Dispose();
        }

        Assert.Equal([2, 2, 2], fleet.Counts);
        for (var i = 0; i < 6; i++)
        {
            (await renewed.GetAsync("/")).Dispose();
            await client.GetAsync(1);
        }

        Assert.Equal([6, 6, 6], fleet.Counts);
        Assert.Equal((1, 1), (busy.InFlight, client.InFlight));

        gate.Open();
        await Eventually.Done(held.Content.ReadAsByteArrayAsync());
        Assert.Equal(0, client.InFlight);
    }

    [Fact]
    public async Task A_drain_by_hand_holds_for_the_next_handler()
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        await using var client = Client(fleet);
        var first = client.Http;
        Assert.True(client.Cluster.TryDrain(fleet[0].Address));

        var renewed = await RenewAsync(client);
        for (var i = 0; i < 5; i++)
        {
            (await renewed.GetAsync("/")).Dispose();
            (await first.GetAsync("/")).Dispose();
        }

        Assert.Equal([0, 10], fleet.Counts);
    }

    private BalancedClient Client(BackendFleet fleet) => BalancedClient.Create(builder => builder
        .ConfigurePrimaryHttpMessageHandler(() =>
        {
            Interlocked.Increment(ref _handlers);
            return new SocketsHttpHandler { UseProxy = false };
        })
        .SetHandlerLifetime(TimeSpan.FromSeconds(1))
        .AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.AddEndpoints(fleet);
        }));

    private async Task<HttpClient> RenewAsync(BalancedClient client)
    {
        var before = _handlers;
        HttpClient renewed = null!;
        await Eventually.True(
            () =>
            {
                renewed = client.CreateHttpClient();
                return _handlers == before + 1;
            },
            "a second handler is in use");
        return renewed;
    }
}
