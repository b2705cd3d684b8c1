using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientSideLb.AspNetCore.Tests;

public sealed class HealthCheckTests
{
    [Fact]
    public async Task All_is_well_while_all_endpoints_are_available()
    {
        await using var app = await StartAsync();

        var report = await CheckAsync(app);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Null(report.Description);
        Assert.Equal("2 of 2 endpoints available", report.Data["orders"]);
    }

    [Fact]
    public async Task With_one_ejected_it_is_degraded_and_says_which_and_why()
    {
        await using var app = await StartAsync();
        app.Backends[0].AnswerWith(503);
        await app.SendAsync(10);

        var report = await CheckAsync(app);

        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Equal($"orders: 1 of 2 endpoints available ({app.Backends[0].Name}: 5 requests in a row failed)", report.Description);
    }

    [Fact]
    public async Task Maintenance_on_one_is_no_fault()
    {
        await using var app = await StartAsync();
        app.Cluster.TryDrain(app.Backends[0].Address);

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(app)).Status);
    }

    [Theory]
    [InlineData(null, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Degraded)]
    public async Task With_none_available_it_is_unhealthy_or_what_was_registered(HealthStatus? registered, HealthStatus expected)
    {
        await using var app = await StartAsync(registered);
        app.Cluster.TryDrain(app.Backends[0].Address);
        app.Cluster.TryDrain(app.Backends[1].Address);

        Assert.Equal(expected, (await CheckAsync(app)).Status);
    }

    [Fact]
    public async Task Panic_is_degraded()
    {
        await using var app = await StartAsync(balance: static options => options.PanicThreshold = 0.9);
        app.Backends[0].AnswerWith(503);
        await app.SendAsync(10);
        Assert.True(app.Cluster.InPanic);

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(app)).Status);
    }

    [Fact]
    public async Task It_is_part_of_the_applications_health_checks()
    {
        await using var app = await StartAsync();

        using var response = await app.Browser.GetAsync("/health");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Healthy", await response.Content.ReadAsStringAsync());
    }

    private static Task<TestApp> StartAsync(HealthStatus? failureStatus = null, Action<LoadBalancingOptions>? balance = null) => TestApp.StartAsync(
        2,
        options =>
        {
            options.Failover.Enabled = false;
            balance?.Invoke(options);
        },
        services => services.AddHealthChecks().AddLoadBalancing(failureStatus: failureStatus),
        static app => app.MapHealthChecks("/health"));

    private static async Task<HealthReportEntry> CheckAsync(TestApp app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["load-balancing"];
}
