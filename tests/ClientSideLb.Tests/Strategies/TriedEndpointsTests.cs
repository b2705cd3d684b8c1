namespace ClientSideLb.Tests;

public sealed class TriedEndpointsTests
{
    [Fact]
    public void The_set_contains_the_added_endpoints_and_knows_the_latest()
    {
        var endpoints = Backends.Equal(4);
        var tried = new TriedEndpoints();
        Assert.False(tried.Any);
        Assert.Null(tried.Latest);

        for (var i = 0; i < 3; i++)
        {
            tried.Add(endpoints[i]);
            Assert.Same(endpoints[i], tried.Latest);
        }

        Assert.True(tried.Any);
        Assert.Equal([true, true, true, false], endpoints.Select(tried.Contains));
    }

    [Fact]
    public void Clearing_makes_all_endpoints_untried()
    {
        var endpoints = Backends.Equal(3);
        var tried = new TriedEndpoints();
        Array.ForEach(endpoints, tried.Add);

        tried.Clear();

        Assert.False(tried.Any);
        Assert.DoesNotContain(endpoints, tried.Contains);
        tried.Add(endpoints[1]);
        Assert.Same(endpoints[1], tried.Latest);
    }

    [Fact]
    public void Hedged_attempts_lose_none_of_their_endpoints()
    {
        for (var round = 0; round < 200; round++)
        {
            var endpoints = Backends.Equal(4);
            var tried = new TriedEndpoints();

            Concurrently.Run(4, thread => tried.Add(endpoints[thread]));

            Assert.All(endpoints, endpoint => Assert.True(tried.Contains(endpoint)));
        }
    }
}
