using System.Text;
using ClientSideLb.Dns.Tests.Support;

namespace ClientSideLb.Dns.Tests.Faults;

/// <summary>Whatever a server does wrong: the last endpoints stay, the log says what is wrong, and lookups go on.</summary>
public sealed class FaultTests : IAsyncDisposable
{
    private const string Name = "_http._tcp.api.example";
    private readonly StubDnsServer _server = new();

    public static TheoryData<string> Faults => [.. Replies.Keys];

    private static Dictionary<string, (Func<DnsQuery, byte[]?> Reply, string Told)> Replies { get; } = new()
    {
        ["server failure"] = (static query => new DnsPacket { Code = 2 }.Write(query), "answered ServerFailure"),
        ["refusal"] = (static query => new DnsPacket { Code = 5 }.Write(query), "answered Refused"),
        ["no answer"] = (static _ => null, "no server answered in time"),
        ["garbage"] = (static query => [.. new DnsPacket().Write(query)[..12], .. Encoding.ASCII.GetBytes("<html>This is not a DNS message.</html>")], "the answer cannot be read"),
        ["half a header"] = (static query => new DnsPacket().Write(query)[..7], "the answer cannot be read"),
        ["cut off"] = (static query => new DnsPacket().Service(Name, 0, 1, 8080, "a.example").Write(query)[..^9], "the answer cannot be read"),
        ["another record"] = (static query => new DnsPacket().Text(Name, "hello").Write(query), $"the answer holds no SRV record of {Name}, but TXT of {Name}"),
        ["another name"] = (static query => new DnsPacket().Service("_http._tcp.evil.example", 0, 1, 666, "evil.example").AddedAddress("evil.example", "10.6.6.6").Write(query), "but SRV of _http._tcp.evil.example"),
        ["truncated, also over TCP"] = (static query => new DnsPacket { IsTruncated = true }.Service(Name, 0, 1, 1, "evil.example").AddedAddress("evil.example", "10.6.6.6").Write(query), "truncated"),
        ["truncated, and TCP is closed"] = (static query => query.IsTcp ? null : new DnsPacket { IsTruncated = true }.Service(Name, 0, 1, 1, "evil.example").Write(query), ""),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_leaves_the_last_endpoints_and_is_told_once(string fault)
    {
        AnswerWell("10.0.0.1");
        using var lab = NewLab();
        await lab.FirstAsync();
        var token = lab.ChangeToken;

        _server.Reply = query => Task.FromResult(Replies[fault].Reply(query));
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 3; i++)
        {
            pauses.Add(await lab.NextAsync());
        }

        Assert.Equal(["0/1 10.0.0.1:8080"], lab.Known);
        Assert.False(token.HasChanged);
        Assert.Equal([201, 202, 202], lab.EventIds);
        Assert.Contains(Replies[fault].Told, lab.Messages[0], StringComparison.Ordinal);
        Assert.Contains("The 1 known endpoints stay in use", lab.Messages[0], StringComparison.Ordinal);
        Assert.InRange(pauses[2], TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6));

        AnswerWell("10.0.0.2");
        await lab.NextAsync();
        Assert.Equal(["0/1 10.0.0.2:8080"], lab.Known);
        Assert.Equal(203, lab.EventIds[^1]);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_of_the_first_lookup_is_a_failure_and_no_unknown_name(string fault)
    {
        _server.Reply = query => Task.FromResult(Replies[fault].Reply(query));
        using var lab = NewLab();

        await lab.FirstAsync();

        Assert.Contains(Replies[fault].Told, lab.State.Failure, StringComparison.Ordinal);
        Assert.True(lab.State.IsKnown);

        AnswerWell("10.0.0.1");
        await lab.NextAsync();
        Assert.Null(lab.State.Failure);
        Assert.Equal(["0/1 10.0.0.1:8080"], lab.Known);
    }

    [Fact]
    public async Task A_truncated_answer_is_asked_for_again_over_TCP()
    {
        _server.Answer(static query => new DnsPacket { IsTruncated = !query.IsTcp }
            .Service(Name, 0, 1, query.IsTcp ? 8080 : 1, "a.example")
            .AddedAddress("a.example", "10.0.0.1"));
        using var lab = NewLab();

        await lab.FirstAsync();

        Assert.Equal(["0/1 10.0.0.1:8080"], lab.Known);
        Assert.Equal([false, true], _server.Queries.Select(static query => query.IsTcp));
    }

    [Fact]
    public async Task A_server_that_fails_for_one_family_does_not_take_its_addresses_away()
    {
        _server.AnswerAddresses("api.example", 5, "10.0.0.1", "fd00::1");
        using var lab = new NameLab(_server.Address, "api.example");
        await lab.FirstAsync();

        _server.Answer(static query => query.Type == DnsPacket.A ? new DnsPacket().Address("api.example", "10.0.0.2", 5) : new DnsPacket { Code = 2 });
        await lab.NextAsync();

        Assert.Equal(["10.0.0.2", "fd00::1"], lab.Known);
        Assert.Equal([210], lab.EventIds);
    }

    [Fact]
    public async Task The_next_server_is_asked_if_the_first_one_fails()
    {
        await using var second = new StubDnsServer();
        _server.Answer(static _ => new DnsPacket { Code = 2 });
        second.AnswerAddresses("api.example", 5, "10.0.0.1");
        using var lab = new NameLab(_server.Address, "api.example", configure: options => options.Servers.Add(second.Address));

        await lab.FirstAsync();

        Assert.Equal(["10.0.0.1"], lab.Known);
    }

    [Fact]
    public async Task Any_bytes_are_an_answer_or_a_fault_and_never_the_end_of_the_lookups()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        AnswerWell("10.0.0.1");
        using var lab = NewLab();
        await lab.FirstAsync();
        for (var i = 0; i < 200; i++)
        {
            _server.Reply = query =>
            {
                var bytes = new DnsPacket().Service(Name, 0, 1, 8080, "a.example", 5).AddedAddress("a.example", "10.0.0.1", 5).Write(query);
                lock (random)
                {
                    // The id stays, or else the answer would be nobody's.
                    for (var broken = 0; broken < 4; broken++)
                    {
                        bytes[random.Next(2, bytes.Length)] = (byte)random.Next(256);
                    }
                }

                return Task.FromResult<byte[]?>(bytes);
            };
            await lab.NextAsync();
        }

        AnswerWell("10.0.0.9");
        await lab.NextAsync();
        Assert.Equal(["0/1 10.0.0.9:8080"], lab.Known);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private NameLab NewLab() => new(_server.Address, Name, isSrv: true, static options => options.QueryTimeout = TimeSpan.FromMilliseconds(200));

    private void AnswerWell(string address) => _server.Answer(_ => new DnsPacket().Service(Name, 0, 1, 8080, "a.example", 5).AddedAddress("a.example", address, 5));
}
