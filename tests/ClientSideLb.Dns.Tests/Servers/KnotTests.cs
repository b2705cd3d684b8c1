using ClientSideLb.Dns.Tests.Support;

namespace ClientSideLb.Dns.Tests.Servers;

/// <summary>Against a real server, Knot DNS.</summary>
public sealed class KnotTests
{
    [Fact]
    public async Task All_addresses_of_a_name_are_found_and_followed()
    {
        await using var knot = await KnotServer.StartAsync("api 3 A 10.0.0.1", "api 3 A 10.0.0.2", "api 3 AAAA fd00::1", "www 3 CNAME api");
        using var lab = new NameLab(knot.Address, "www.example");

        var pause = await lab.FirstAsync();
        Assert.Equal(["10.0.0.1", "10.0.0.2", "fd00::1"], lab.Known);
        Assert.InRange(pause, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.3));

        await knot.ChangeAsync("api 3 A 10.0.0.2", "api 3 A 10.0.0.3", "www 3 CNAME api");
        await lab.NextAsync();
        Assert.Equal(["10.0.0.2", "10.0.0.3"], lab.Known);
    }

    [Fact]
    public async Task Priorities_weights_and_ports_are_found_and_followed()
    {
        await using var knot = await KnotServer.StartAsync(
            "_http._tcp.api 5 SRV 10 60 8080 a", "_http._tcp.api 5 SRV 10 20 8081 b", "_http._tcp.api 5 SRV 20 0 8082 b", "a 5 A 10.0.0.1", "b 5 A 10.0.0.2");
        using var lab = new NameLab(knot.Address, "_http._tcp.api.example", isSrv: true);

        var pause = await lab.FirstAsync();
        Assert.Equal(["0/60 10.0.0.1:8080", "0/20 10.0.0.2:8081", "1/1 10.0.0.2:8082"], lab.Known);
        Assert.InRange(pause, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5.5));

        await knot.ChangeAsync("_http._tcp.api 5 SRV 10 1 8080 a", "_http._tcp.api 5 SRV 5 0 9090 c", "a 5 A 10.0.0.1", "c 5 AAAA fd00::3");
        await lab.NextAsync();
        Assert.Equal(["0/1 [fd00::3]:9090", "1/1 10.0.0.1:8080"], lab.Known);

        await knot.ChangeAsync("_http._tcp.api 5 SRV 0 0 0 .");
        await lab.NextAsync();
        Assert.Empty(lab.Known);
        Assert.True(lab.State.IsKnown);
    }

    [Fact]
    public async Task Five_hundred_records_arrive_over_TCP()
    {
        var records = Enumerable.Range(0, 500).Select(static i => $"_http._tcp.api 5 SRV 0 {i + 1} {8000 + i} a").Append("a 5 A 10.0.0.1").ToArray();
        await using var knot = await KnotServer.StartAsync(records);
        using var lab = new NameLab(knot.Address, "_http._tcp.api.example", isSrv: true);

        await lab.FirstAsync();

        Assert.Equal(Enumerable.Range(0, 500).Select(static i => $"0/{i + 1} 10.0.0.1:{8000 + i}"), lab.Known);
        Assert.Empty(lab.Messages);
    }

    [Fact]
    public async Task A_name_that_vanishes_and_a_server_that_stops_leave_the_endpoints_for_the_grace_period()
    {
        await using var knot = await KnotServer.StartAsync("api 3 A 10.0.0.1");
        using var lab = new NameLab(knot.Address, "api.example", configure: static options => options.QueryTimeout = TimeSpan.FromMilliseconds(200));
        await lab.FirstAsync();

        await knot.ChangeAsync("other 3 A 10.0.0.1");
        var pause = await lab.NextAsync();
        Assert.Equal(["10.0.0.1"], lab.Known);

        // The zone says that what is missing is so for two seconds.
        Assert.InRange(pause, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.2));

        await knot.StopAsync();
        await lab.NextAsync();
        Assert.Equal(["10.0.0.1"], lab.Known);
        Assert.Equal([211, 201], lab.EventIds);
    }

    [Fact]
    public async Task A_name_that_is_not_there_yet_is_found_when_it_appears()
    {
        await using var knot = await KnotServer.StartAsync("other 3 A 10.0.0.1");
        using var lab = new NameLab(knot.Address, "api.example");
        await lab.FirstAsync();
        Assert.False(lab.State.IsKnown);

        await knot.ChangeAsync("api 3 A 10.0.0.1");
        await lab.NextAsync();
        Assert.Equal(["10.0.0.1"], lab.Known);
    }
}
