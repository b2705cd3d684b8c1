using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using ClientSideLb.Dns.Telemetry;
using ClientSideLb.Dns.Tests.Support;
using ClientSideLb.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Dns.Tests.EndToEnd;

/// <summary>The README of the package lists everything that is measured and logged, and nothing else.</summary>
public sealed partial class TelemetryTests
{
    private readonly string[] _readme = File.ReadAllLines(RepositoryFiles.PathOf("src", "ClientSideLb.Dns", "README.md"));

    [Fact]
    public async Task Lookups_queries_endpoints_and_errors_are_counted()
    {
        await using var server = new StubDnsServer();
        server.Answer(static query => query.Name switch
        {
            "api.example" => query.Type == DnsPacket.A ? new DnsPacket().Address("api.example", "10.0.0.1").Address("api.example", "10.0.0.2") : new DnsPacket(),
            "broken.example" => new DnsPacket { Code = 2 },
            _ => new DnsPacket { Code = 3 },
        });
        await using var app = new DnsApp(server.Address);
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        var measured = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Meter.Name == "ClientSideLb.Dns")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();

        await app.ResolveAsync("http://api.example");
        await app.ResolveAsync("http://gone.example");
        await Assert.ThrowsAnyAsync<Exception>(() => app.ResolveAsync("http://broken.example"));
        listener.RecordObservableInstruments();

        Assert.Equal(
            [
                "clientsidelb.dns.answers 1 clientsidelb.outcome=changed",
                "clientsidelb.dns.endpoints 0 clientsidelb.service=broken.example",
                "clientsidelb.dns.endpoints 0 clientsidelb.service=gone.example",
                "clientsidelb.dns.endpoints 2 clientsidelb.service=api.example",
                "clientsidelb.dns.errors 1 error.type=server_failure",
                "clientsidelb.dns.queries 1 clientsidelb.outcome=answered",
                "clientsidelb.dns.queries 1 clientsidelb.outcome=failed",
                "clientsidelb.dns.queries 1 clientsidelb.outcome=unknown",
                "clientsidelb.dns.requests 1 dns.record.type=A",
                "clientsidelb.dns.requests 1 dns.record.type=AAAA",
                "clientsidelb.dns.watches 3 ",
            ],
            measured);
        Assert.Equal(
            measured.Select(static one => one.Split(' ')[0]).Distinct(),
            Table("| instrument |").Select(static row => row[0].Trim('`')).Order(StringComparer.Ordinal));

        void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (measured)
            {
                measured.Add($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))}");
            }
        }
    }

    [Fact]
    public void The_README_lists_every_log_event_with_its_id_and_level()
    {
        var events = typeof(DnsDiscoveryLog)
            .GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(static method => (method.Name, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(static log => log.Message is not null)
            .OrderBy(static log => log.Message!.EventId)
            .Select(static log => $"{log.Message!.EventId} {log.Message.Level} {log.Name}");

        Assert.Equal(events, Table("| id |").Select(static row => $"{row[0]} {row[1]} {row[2]}"));
    }

    [Fact]
    public void The_README_lists_every_option()
    {
        Assert.Equal(
            typeof(DnsDiscoveryOptions).GetProperties().Select(static option => option.Name).Order(StringComparer.Ordinal),
            Table("| option |").Select(static row => InCode().Match(row[0]).Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InCode();

    private List<string[]> Table(string header)
    {
        var rows = _readme
            .SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .ToList();
        Assert.NotEmpty(rows);
        return rows;
    }
}
