using System.Net;
using System.Net.Sockets;
using ClientSideLb.AspNetCore.HealthChecks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientSideLb.AspNetCore.Tests.HealthChecks;

public sealed class HealthCheckTests
{
    [Fact]
    public async Task The_check_is_healthy_while_all_endpoints_are_available()
    {
        await using var app = await StartAsync();

        var report = await CheckAsync(app);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Null(report.Description);
        Assert.Equal("2 of 2 endpoints available", report.Data["orders"]);
    }

    [Fact]
    public async Task An_ejected_endpoint_makes_the_check_degraded_and_is_named_with_its_reason()
    {
        await using var app = await StartAsync();
        await app.EjectAsync(app.Backends[0]);

        var report = await CheckAsync(app);

        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Equal($"orders: 1 of 2 endpoints available ({app.Backends[0].Name}: 5 requests in a row failed)", report.Description);
    }

    [Fact]
    public async Task A_drained_endpoint_leaves_the_check_healthy()
    {
        await using var app = await StartAsync();
        app.Cluster.TryDrain(app.Backends[0].Address);

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(app)).Status);
    }

    [Theory]
    [InlineData(null, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Degraded)]
    public async Task A_cluster_without_available_endpoints_has_the_registered_failure_status(HealthStatus? registered, HealthStatus expected)
    {
        await using var app = await StartAsync(registered);
        app.Cluster.TryDrain(app.Backends[0].Address);
        app.Cluster.TryDrain(app.Backends[1].Address);

        Assert.Equal(expected, (await CheckAsync(app)).Status);
    }

    [Theory]
    [InlineData(1, HealthStatus.Healthy)]
    [InlineData(2, HealthStatus.Degraded)]
    public async Task Endpoints_whose_quota_is_spent_are_no_reason_to_take_the_application_out_of_service(int rejecting, HealthStatus expected)
    {
        await using var app = await StartAsync(balance: static options =>
        {
            options.Failover.Enabled = true;
            options.Failover.MoveRejected = true;
        });
        for (var i = 0; i < rejecting; i++)
        {
            app.Backends[i].Answer = static context =>
            {
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                context.Response.Headers.RetryAfter = "60";
                return Task.CompletedTask;
            };
        }

        await app.SendAsync(10);

        Assert.Equal(rejecting, app.Cluster.Endpoints.Count(static endpoint => endpoint.State.IsRejecting));
        Assert.Equal(expected, (await CheckAsync(app)).Status);
    }

    [Fact]
    public async Task Panic_makes_the_check_degraded_even_if_no_endpoint_is_known_to_be_bad()
    {
        // A probe of this endpoint never ends, so its health stays unknown and it is not available.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var app = await StartAsync(balance: options =>
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri($"http://{silent.LocalEndpoint}") });
            options.ActiveHealthCheck.Enabled = true;
            options.ActiveHealthCheck.Timeout = TimeSpan.FromMinutes(1);
            options.PanicThreshold = 0.9;
        });
        await Eventually.TrueAsync(
            () => Task.FromResult(app.Backends.All(backend => app.GetEndpoint(backend).Health == EndpointHealth.Healthy)), "both backends are healthy");
        Assert.True(app.Cluster.InPanic);

        var report = await CheckAsync(app);

        Assert.Equal((HealthStatus.Degraded, "orders: 2 of 3 endpoints available"), (report.Status, report.Description));
    }

    [Fact]
    public async Task A_failing_endpoint_is_never_named_with_the_reason_of_a_drain_while_its_state_changes()
    {
        await using var app = await FlippingApp.StartAsync();
        var check = new LoadBalancingHealthCheck(app.Services.GetRequiredService<IClusterRegistry>());
        var context = new HealthCheckContext { Registration = new HealthCheckRegistration("load-balancing", check, HealthStatus.Unhealthy, tags: null) };

        for (var i = 0; i < 500_000; i++)
        {
            var result = await check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
            Assert.DoesNotContain(FlippingApp.DrainReason, result.Description ?? "", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_check_is_one_of_the_application()
    {
        await using var app = await StartAsync();

        Assert.Equal("Healthy", await app.Browser.GetStringAsync("/health"));
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
