using System.Net;
using ClientSideLb.Dns.Lookup;
using ClientSideLb.Dns.Tests.Support;
using DnsClient;
using DnsClient.Protocol;

namespace ClientSideLb.Dns.Tests.Lookup;

public sealed class TimeToLiveTests
{
    [Fact]
    public async Task The_time_to_live_is_the_one_that_the_server_sent_however_old_the_record_is()
    {
        var record = new ARecord(new ResourceRecordInfo("api.example", ResourceRecordType.A, QueryClass.IN, 5, 4), IPAddress.Loopback);

        // DnsClient counts down by its own clock.
        await Eventually.TrueAsync(() => record.TimeToLive < 5, "the record of DnsClient gets older");

        Assert.Equal(TimeSpan.FromSeconds(5), TimeToLive.Of(record));
    }
}
