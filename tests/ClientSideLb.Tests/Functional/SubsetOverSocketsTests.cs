namespace ClientSideLb.Tests.Functional;

/// <summary>Subsets over sockets.</summary>
public sealed class SubsetOverSocketsTests
{
    [Fact]
    public async Task Requests_probes_and_connections_stay_within_the_subset_and_its_substitutes()
    {
        await using var fleet = await BackendFleet.StartAsync(10);
        await using var client = BalancedClient.Of(fleet, static options =>
        {
            (options.Subset.Size, options.Subset.ClientId) = (3, "pod-1");
            options.ActiveHealthCheck.Enabled = true;
            options.ActiveHealthCheck.Path = "/";
            options.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(20);
        });
        await client.GetAsync(30);
        var used = client.Endpoints.Select(static endpoint => endpoint.Address.Port).ToHashSet();
        Assert.Equal(3, used.Count);
        await Eventually.True(() => client.Endpoints.All(static endpoint => endpoint.Health == EndpointHealth.Healthy), "the subset is probed");
        Assert.All(fleet, backend => Assert.Equal(used.Contains(backend.Port), backend.Count > 0));

        await fleet.First(backend => used.Contains(backend.Port)).DisposeAsync();
        await Eventually.True(() => client.Endpoints.Count == 4 && client.Endpoints.Count(static endpoint => endpoint.IsAvailable) == 3, "another backend takes its place");
        await client.GetAsync(30);

        Assert.Equal(4, fleet.Count(static backend => backend.Count > 0));
    }
}
