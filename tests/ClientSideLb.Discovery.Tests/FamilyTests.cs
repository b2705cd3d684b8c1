using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Discovery.Tests;

/// <summary>Who knows one of the packages knows them all: the same words mean the same.</summary>
public sealed class FamilyTests
{
    public static readonly TheoryData<string> Packages = ["Consul", "Dns", "Kubernetes"];

    private static readonly string[] CommonInstruments = ["answers", "endpoints", "errors", "queries", "requests", "watches"];

    private static readonly string[] CommonEvents =
    [
        "00 Debug EndpointsChanged", "01 Warning WatchFailed", "02 Debug WatchFailedAgain", "03 Information WatchRecovered", "04 Information ServiceNotKnown", "05 Debug WatchEnded",
    ];

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_README_has_the_common_chapters_in_their_order(string package)
    {
        string[] chapters = ["## What it does", "## Options", "## Metrics", "## Log"];

        Assert.Equal(chapters, Package.Get(package).ReadReadme().Where(chapters.Contains));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_README_lists_every_option_and_no_other(string package)
    {
        var one = Package.Get(package);

        Assert.Equal(
            one.Options.GetProperties().Select(static option => option.Name).Order(StringComparer.Ordinal),
            one.ReadTable("| option | default | meaning |").Select(static row => Package.InCode(row[0])).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_README_lists_every_instrument_with_its_kind_and_unit_and_no_other(string package)
    {
        var one = Package.Get(package);
        using var services = one.BuildServices();
        var instruments = Publish(one, services);

        Assert.Equal(
            instruments.Select(static instrument => $"{instrument.Name} {GetKind(instrument)}, {instrument.Unit}").Order(StringComparer.Ordinal),
            one.ReadTable("| instrument | kind, unit | what it counts | attributes |").Select(static row => $"{Package.InCode(row[0])} {row[1].Replace("`", "", StringComparison.Ordinal)}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void All_have_the_same_instruments_besides_their_own(string package)
    {
        var one = Package.Get(package);
        using var services = one.BuildServices();

        var suffixes = Publish(one, services).ConvertAll(static instrument => instrument.Name.Split('.')[^1]);

        Assert.Equal(CommonInstruments, suffixes.Intersect(CommonInstruments).Order(StringComparer.Ordinal));
        Assert.All(Publish(one, services), instrument => Assert.StartsWith($"clientsidelb.{package.ToLowerInvariant()}.", instrument.Name, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_README_lists_every_line_of_the_log_and_no_other(string package)
    {
        var one = Package.Get(package);

        Assert.Equal(GetEvents(one), one.ReadTable("| id | level | name | when |").Select(static row => $"{row[0]} {row[1]} {row[2]}"));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void All_have_the_same_lines_of_the_log_besides_their_own(string package)
    {
        var events = GetEvents(Package.Get(package)).ToList();

        Assert.Equal(CommonEvents, events.Take(CommonEvents.Length).Select(static line => line[1..]));
        Assert.All(events.Skip(CommonEvents.Length), static line => Assert.True(line[1..] is ['1' or '2', ..], $"{line} has an id from 10 on"));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_second_call_adds_no_second_provider(string package)
    {
        var services = new ServiceCollection();
        Package.Get(package).Add(services);
        Package.Get(package).Add(services);

        Assert.Single(services, static service => service.ServiceType == typeof(IServiceEndpointProviderFactory));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void All_have_an_exception_and_a_predicate_of_the_same_name(string package)
    {
        var one = Package.Get(package);

        Assert.NotNull(one.Assembly.GetType($"ClientSideLb.{package}DiscoveryException", throwOnError: false));
        Assert.Equal(typeof(Func<string, bool>), one.Options.GetProperty("Accepts")?.PropertyType);
    }

    private static IEnumerable<string> GetEvents(Package package) => package.Assembly.GetTypes()
        .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic))
        .Select(static method => (method.Name, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
        .Where(static log => log.Message is not null)
        .OrderBy(static log => log.Message!.EventId)
        .Select(static log => $"{log.Message!.EventId} {GetLevel(log.Message)} {log.Name}");

    // A level that is chosen at run time is Information at most.
    private static LogLevel GetLevel(LoggerMessageAttribute message) => message.Level == LogLevel.None ? LogLevel.Information : message.Level;

    private static string GetKind(Instrument instrument) => instrument switch
    {
        Counter<long> => "counter",
        ObservableUpDownCounter<int> => "up-down counter",
        _ => instrument.GetType().Name,
    };

    private static List<Instrument> Publish(Package package, IServiceProvider services)
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        var published = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Meter.Name == package.Meter)
                {
                    published.Add(instrument);
                }
            },
        };
        _ = services.GetServices<IServiceEndpointProviderFactory>().Count();
        listener.Start();
        Assert.NotEmpty(published);
        return published;
    }
}
