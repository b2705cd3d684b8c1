using ClientSideLb.Dns.Tests.Support;

namespace ClientSideLb.Dns.Tests.Servers;

/// <summary>Against a real server, dnsmasq.</summary>
public sealed class DnsmasqTests
{
    [Fact]
    public async Task Addresses_are_found()
    {
        var (daemon, address) = await DnsmasqServer.StartAsync("--host-record=api.example,10.0.0.1,fd00::1,7", "--host-record=api.example,10.0.0.2,7");
        await using var ends = daemon;
        using var lab = new NameLab(address, "api.example");

        var pause = await lab.FirstAsync();

        Assert.Equal(["10.0.0.1", "10.0.0.2", "fd00::1"], lab.Known);
        Assert.InRange(pause, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7.7));
    }

    [Fact]
    public async Task Services_are_found()
    {
        var (daemon, address) = await DnsmasqServer.StartAsync(
            "--srv-host=_http._tcp.api.example,a.example,8080,1,30",
            "--srv-host=_http._tcp.api.example,b.example,8081,2,0",
            "--host-record=a.example,10.0.0.1",
            "--host-record=b.example,10.0.0.2");
        await using var ends = daemon;
        using var lab = new NameLab(address, "_http._tcp.api.example", isSrv: true);

        await lab.FirstAsync();

        Assert.Equal(["0/30 10.0.0.1:8080", "1/1 10.0.0.2:8081"], lab.Known);
    }

    [Fact]
    public async Task A_name_without_records_is_unknown()
    {
        var (daemon, address) = await DnsmasqServer.StartAsync();
        await using var ends = daemon;
        using var lab = new NameLab(address, "api.example");

        await lab.FirstAsync();

        Assert.False(lab.State.IsKnown);
        Assert.Null(lab.State.Failure);
    }
}
