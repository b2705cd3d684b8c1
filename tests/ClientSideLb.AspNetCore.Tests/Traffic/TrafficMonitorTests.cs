using System.Diagnostics.Metrics;
using ClientSideLb.AspNetCore.Traffic;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.AspNetCore.Tests.Traffic;

public sealed class TrafficMonitorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ServiceProvider _others = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TrafficMonitor _monitor;

    public TrafficMonitorTests() => _monitor = new TrafficMonitor(_services.GetRequiredService<IMeterFactory>(), _time);

    public void Dispose()
    {
        _monitor.Dispose();
        _services.Dispose();
        _others.Dispose();
    }

    [Fact]
    public void The_attempts_are_counted_for_each_endpoint()
    {
        Record(_services, "http://a:80", "success");
        Record(_services, "http://a:80", "failure");
        Record(_services, "http://b:80", "cancelled");

        Assert.Equal((2, 1), Read("http://a:80"));
        Assert.Equal((1, 0), Read("http://b:80"));
        Assert.Equal((0, 0), Read("http://c:80"));
    }

    [Fact]
    public void The_attempts_of_another_container_are_ignored()
    {
        Record(_others, "http://a:80", "success");

        Assert.Equal((0, 0), Read("http://a:80"));
    }

    [Fact]
    public void The_monitor_forgets_old_endpoints_when_new_ones_appear()
    {
        for (var deployment = 0; deployment < 100; deployment++)
        {
            Record(_services, $"http://10.0.0.{deployment}:80", "success");
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.InRange(_monitor.EndpointCount, 1, 2);
    }

    [Fact]
    public void A_disposed_monitor_counts_nothing()
    {
        _monitor.Dispose();

        Record(_services, "http://a:80", "success");

        Assert.Equal((0, 0), Read("http://a:80"));
    }

    private static void Record(ServiceProvider services, string endpoint, string outcome)
    {
        var histogram = services.GetRequiredService<IMeterFactory>().Create("ClientSideLb").CreateHistogram<double>("clientsidelb.attempt.duration");
        histogram.Record(
            0.1,
            new("clientsidelb.client", "orders"),
            new("clientsidelb.service", "orders"),
            new("clientsidelb.endpoint", endpoint),
            new("clientsidelb.outcome", outcome));
    }

    private (int Attempts, int Failures) Read(string endpoint)
    {
        var summary = _monitor.Read("orders", "orders", endpoint, _monitor.CurrentSecond);
        return (summary.Attempts, summary.Failures);
    }
}
