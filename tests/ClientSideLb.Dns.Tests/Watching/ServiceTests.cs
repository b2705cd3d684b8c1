using ClientSideLb.Dns.Tests.Support;

namespace ClientSideLb.Dns.Tests.Watching;

public sealed class ServiceTests : IAsyncDisposable
{
    private const string Name = "_http._tcp.api.example";
    private readonly StubDnsServer _server = new();

    [Fact]
    public async Task A_record_gives_port_weight_and_rank_and_its_added_addresses_are_not_asked_for()
    {
        _server.Answer(static _ => new DnsPacket()
            .Service(Name, 500, 5, 8082, "c.example")
            .Service(Name, 10, 30, 8080, "a.example")
            .Service(Name, 10, 10, 8081, "b.example")
            .AddedAddress("A.example", "10.0.0.1")
            .AddedAddress("b.example", "10.0.0.2")
            .AddedAddress("c.example", "fd00::3"));
        using var lab = new NameLab(_server.Address, Name, isSrv: true);

        await lab.FirstAsync();

        Assert.Equal(["0/30 10.0.0.1:8080", "0/10 10.0.0.2:8081", "1/5 [fd00::3]:8082"], lab.Known);
        Assert.Single(_server.Queries);
    }

    [Fact]
    public async Task Targets_without_added_addresses_are_asked_for_each_once()
    {
        _server.Answer(static query => query.Type switch
        {
            DnsPacket.Srv => new DnsPacket().Service(Name, 0, 1, 8080, "a.example", 30).Service(Name, 0, 1, 8081, "a.example", 30),
            DnsPacket.A => new DnsPacket().Address("a.example", "10.0.0.1", 9),
            _ => new DnsPacket(),
        });
        using var lab = new NameLab(_server.Address, Name, isSrv: true);

        var pause = await lab.FirstAsync();

        Assert.Equal(["0/1 10.0.0.1:8080", "0/1 10.0.0.1:8081"], lab.Known);
        Assert.Equal((1, 1), (_server.Count("a.example", DnsPacket.A), _server.Count("a.example", DnsPacket.Aaaa)));
        Assert.InRange(pause, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(9.9));
    }

    [Fact]
    public async Task The_target_dot_means_no_endpoint_at_once()
    {
        var target = "a.example";
        _server.Answer(_ => new DnsPacket().Service(Name, 0, 1, target.Length == 0 ? 0 : 8080, target, 5).AddedAddress("a.example", "10.0.0.1", 5));
        using var lab = new NameLab(_server.Address, Name, isSrv: true);
        await lab.FirstAsync();
        Assert.Single(lab.Known);

        target = "";
        await lab.NextAsync();

        Assert.Empty(lab.Known);
        Assert.True(lab.State.IsKnown);
    }

    [Fact]
    public async Task More_priorities_than_there_are_levels_keep_their_order()
    {
        _server.Answer(static query =>
        {
            var packet = new DnsPacket();
            for (var i = 0; i < 130; i++)
            {
                packet.Service(Name, 65535 - i, 1, 1000 + i, "a.example").AddedAddress("a.example", "10.0.0.1");
            }

            return packet;
        });
        using var lab = new NameLab(_server.Address, Name, isSrv: true);

        await lab.FirstAsync();

        Assert.Equal("0/1 10.0.0.1:1129", lab.Known[0]);
        Assert.Equal("126/1 10.0.0.1:1003", lab.Known[126]);
        Assert.All(lab.Known[127..], static one => Assert.StartsWith("127/", one, StringComparison.Ordinal));
        Assert.Equal(130, lab.Known.Length);
    }

    [Fact]
    public async Task A_target_that_does_not_exist_is_left_out_and_told()
    {
        _server.Answer(static query => query.Type == DnsPacket.Srv
            ? new DnsPacket().Service(Name, 0, 1, 8080, "a.example").Service(Name, 0, 1, 8080, "gone.example").AddedAddress("a.example", "10.0.0.1")
            : new DnsPacket { Code = 3 });
        using var lab = new NameLab(_server.Address, Name, isSrv: true);

        await lab.FirstAsync();

        Assert.Equal(["0/1 10.0.0.1:8080"], lab.Known);
        Assert.Equal("Service '_http._tcp.api.example SRV': 1 of 2 records have a target without a known address, and are left out.", Assert.Single(lab.Messages));
    }

    [Fact]
    public async Task A_target_whose_lookup_fails_keeps_its_last_addresses()
    {
        var code = 0;
        _server.Answer(query => query.Type switch
        {
            DnsPacket.Srv => new DnsPacket().Service(Name, 0, 1, 8080, "a.example", 5).Service(Name, 0, 1, 8080, "b.example", 5).AddedAddress("a.example", "10.0.0.1", 5),
            DnsPacket.A when code == 0 => new DnsPacket().Address("b.example", "10.0.0.2", 5),
            _ => new DnsPacket { Code = code },
        });
        using var lab = new NameLab(_server.Address, Name, isSrv: true);
        await lab.FirstAsync();

        code = 2;
        await lab.NextAsync();

        Assert.Equal(["0/1 10.0.0.1:8080", "0/1 10.0.0.2:8080"], lab.Known);
        Assert.Equal([210], lab.EventIds);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
