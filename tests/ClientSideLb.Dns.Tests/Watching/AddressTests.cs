using ClientSideLb.Dns.Tests.Support;

namespace ClientSideLb.Dns.Tests.Watching;

public sealed class AddressTests : IAsyncDisposable
{
    private const string Name = "api.example";
    private readonly StubDnsServer _server = new();

    [Fact]
    public async Task Every_address_is_an_endpoint()
    {
        _server.AnswerAddresses(Name, 60, "10.0.0.2", "10.0.0.1", "fd00::1");
        using var lab = new NameLab(_server.Address, Name);

        await lab.FirstAsync();

        Assert.Equal(["10.0.0.1", "10.0.0.2", "fd00::1"], lab.Known);
    }

    [Theory]
    [InlineData(System.Net.Sockets.AddressFamily.InterNetwork, "10.0.0.1")]
    [InlineData(System.Net.Sockets.AddressFamily.InterNetworkV6, "fd00::1")]
    public async Task Only_addresses_of_the_chosen_family_are_asked_for(System.Net.Sockets.AddressFamily family, string expected)
    {
        _server.AnswerAddresses(Name, 60, "10.0.0.1", "fd00::1");
        using var lab = new NameLab(_server.Address, Name, configure: options => options.AddressFamily = family);

        await lab.FirstAsync();

        Assert.Equal([expected], lab.Known);
        Assert.Single(_server.Queries);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0, 1)]
    [InlineData(100_000, 300)]
    public async Task A_name_is_asked_for_again_when_its_time_to_live_is_over(int timeToLive, int seconds)
    {
        _server.AnswerAddresses(Name, timeToLive, "10.0.0.1");
        using var lab = new NameLab(_server.Address, Name);

        var pause = await lab.FirstAsync();

        Assert.InRange(pause, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds) * 1.1);
    }

    [Fact]
    public async Task Addresses_of_a_name_that_was_not_asked_for_are_not_used()
    {
        _server.Answer(static query => query.Type == DnsPacket.A ? new DnsPacket().Address(Name, "10.0.0.1").Address("evil.example", "10.6.6.6") : new DnsPacket());
        using var lab = new NameLab(_server.Address, Name);

        await lab.FirstAsync();

        Assert.Equal(["10.0.0.1"], lab.Known);
    }

    [Fact]
    public async Task The_shortest_time_to_live_of_an_alias_and_its_addresses_counts()
    {
        _server.Answer(query => query.Type == DnsPacket.A
            ? new DnsPacket().Address("real.example", "10.0.0.1", 60).Alias("other.example", "real.example", 20).Alias(Name, "other.example", 40)
            : new DnsPacket().Authority("example", 3, 3));
        using var lab = new NameLab(_server.Address, Name);

        var pause = await lab.FirstAsync();

        Assert.Equal(["10.0.0.1"], lab.Known);
        Assert.InRange(pause, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(22));
    }

    [Fact]
    public async Task A_changed_answer_is_told_once_and_a_rotated_one_is_not()
    {
        _server.AnswerAddresses(Name, 5, "10.0.0.1", "10.0.0.2");
        using var lab = new NameLab(_server.Address, Name);
        await lab.FirstAsync();
        var token = lab.ChangeToken;

        _server.AnswerAddresses(Name, 5, "10.0.0.2", "10.0.0.1");
        await lab.NextAsync();
        Assert.False(token.HasChanged);

        _server.AnswerAddresses(Name, 5, "10.0.0.2", "10.0.0.3");
        await lab.NextAsync();
        Assert.True(token.HasChanged);
        Assert.Equal(["10.0.0.2", "10.0.0.3"], lab.Known);
        Assert.False(lab.ChangeToken.HasChanged);
    }

    [Fact]
    public async Task A_missing_name_is_unknown_and_is_asked_for_again_when_its_negative_time_is_over()
    {
        _server.Answer(static _ => new DnsPacket { Code = 3 }.Authority("example", 60, 7));
        using var lab = new NameLab(_server.Address, Name);

        var pause = await lab.FirstAsync();
        Assert.False(lab.State.IsKnown);
        Assert.InRange(pause, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7.7));

        var token = lab.ChangeToken;
        _server.AnswerAddresses(Name, 5, "10.0.0.1");
        await lab.NextAsync();
        Assert.True(token.HasChanged);
        Assert.True(lab.State.IsKnown);
        Assert.Equal(["10.0.0.1"], lab.Known);
        Assert.Equal([204], lab.EventIds);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public async Task Endpoints_of_a_name_that_vanished_stay_for_the_grace_period(int code)
    {
        _server.AnswerAddresses(Name, 5, "10.0.0.1");
        using var lab = new NameLab(_server.Address, Name, configure: static options => options.MissingGracePeriod = TimeSpan.FromSeconds(20));
        await lab.FirstAsync();

        _server.Answer(_ => new DnsPacket { Code = code }.Authority("example", 8, 8));
        var waited = TimeSpan.Zero;
        var pause = await lab.NextAsync();
        while (lab.Known.Length > 0)
        {
            waited += pause;
            pause = await lab.NextAsync();
        }

        Assert.Equal(TimeSpan.FromSeconds(20), waited);
        Assert.False(lab.State.IsKnown);
        Assert.Equal([211, 212], lab.EventIds);
    }

    [Fact]
    public async Task The_grace_period_begins_anew_after_the_name_was_back()
    {
        _server.AnswerAddresses(Name, 5, "10.0.0.1");
        using var lab = new NameLab(_server.Address, Name, configure: static options => options.MissingGracePeriod = TimeSpan.FromSeconds(20));
        await lab.FirstAsync();
        for (var round = 0; round < 4; round++)
        {
            _server.Answer(static _ => new DnsPacket { Code = 3 }.Authority("example", 15, 15));
            await lab.NextAsync();
            Assert.Equal(["10.0.0.1"], lab.Known);
            _server.AnswerAddresses(Name, 5, "10.0.0.1");
            await lab.NextAsync();
        }
    }

    [Fact]
    public async Task Nothing_is_asked_after_the_end()
    {
        _server.AnswerAddresses(Name, 5, "10.0.0.1");
        var lab = new NameLab(_server.Address, Name);
        await lab.FirstAsync();
        var asked = _server.Queries.Count;

        lab.Dispose();
        lab.Time.Advance(TimeSpan.FromHours(1));
        using (var other = new NameLab(_server.Address, Name))
        {
            // A whole lookup by somebody else gives the first one the time to go wrong.
            await other.FirstAsync();
        }

        Assert.Equal(asked + 2, _server.Queries.Count);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
