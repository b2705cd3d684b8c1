using ClientSideLb.Dashboards.Tests.Prometheus;

namespace ClientSideLb.Dashboards.Tests.Shop;

/// <summary>An application that Prometheus scrapes under a name of its own, and the alerts for it.</summary>
/// <param name="prometheus">Prometheus.</param>
/// <param name="job">The name.</param>
internal abstract class Application(PrometheusServer prometheus, string job) : IAsyncDisposable
{
    // Longer than most ranges of the alerts, so that a fault shows against a time without one.
    private const int QuietScrapes = 6;

    internal string Job => job;

    /// <summary>
    /// Waits until Prometheus has seen the application at work for a while, and no alert is active. A machine that stands still for a moment may
    /// make one active, so it is not a fault if one was.
    /// </summary>
    internal async Task IsQuietAsync()
    {
        IReadOnlyList<Sample> alerts = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var scrapes = await prometheus.QueryAsync($"count_over_time(clientsidelb_cluster_listed{{job=\"{job}\"}}[1h])");
                alerts = await prometheus.QueryAsync($"max_over_time(ALERTS{{job=\"{job}\"}}[2s])");
                return alerts.Count == 0 && scrapes.Any(static sample => sample.Value >= QuietScrapes);
            },
            () => $"Prometheus has seen '{job}' without an alert. Active are {string.Join(", ", Names(alerts))}.");
    }

    /// <summary>Waits until alerts fire.</summary>
    /// <param name="expected">The alerts that must fire, in any order and not necessarily at the same time.</param>
    /// <param name="besides">Alerts that may fire as well. No other may.</param>
    internal async Task FiresAsync(string[] expected, params string[] besides)
    {
        var fired = new SortedSet<string>(StringComparer.Ordinal);
        await Eventually.TrueAsync(
            async () =>
            {
                fired.UnionWith(Names(await prometheus.QueryAsync($"ALERTS{{job=\"{job}\",alertstate=\"firing\"}}")));
                return fired.IsSupersetOf(expected);
            },
            () => $"{string.Join(", ", expected)} for '{job}'. Only these have fired: {string.Join(", ", fired)}.");
        Assert.Empty(fired.Except(expected).Except(besides));
    }

    public async ValueTask DisposeAsync()
    {
        prometheus.Forget(job);
        await StopAsync();
    }

    protected abstract ValueTask StopAsync();

    protected void Scrape(Uri address) => prometheus.Scrape(address, job);

    private static IEnumerable<string> Names(IEnumerable<Sample> alerts) => alerts.Select(static alert => alert.Labels["alertname"]).Distinct();
}
