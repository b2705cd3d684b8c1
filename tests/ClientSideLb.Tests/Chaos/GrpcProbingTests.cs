using System.Net.Security;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientSideLb.Tests.Chaos;

/// <summary>Probes by the gRPC health checking protocol, at real gRPC servers and at servers that answer something else.</summary>
public sealed class GrpcProbingTests
{
    private const string Orders = "shop.v1.Orders";

    private volatile bool _isSick;

    [Theory]
    [InlineData("")]
    [InlineData(Orders)]
    public async Task An_endpoint_is_as_healthy_as_its_health_service_says(string service)
    {
        await using var backend = await StartGrpcAsync();
        await using var client = Client(backend, service);

        await Eventually.Equal(EndpointHealth.Healthy, () => client.EndpointOf(backend).Health);
        _isSick = true;
        await Eventually.Equal(EndpointHealth.Unhealthy, () => client.EndpointOf(backend).Health);
        Assert.Equal("2 probes in a row failed: it answered NOT_SERVING; expected SERVING", client.EndpointOf(backend).HealthReason);
        _isSick = false;
        await Eventually.Equal(EndpointHealth.Healthy, () => client.EndpointOf(backend).Health);

        Assert.All(backend.Received, static request => Assert.Equal(("POST", "/grpc.health.v1.Health/Check"), (request.Method, request.Target)));
    }

    [Fact]
    public async Task A_service_that_the_server_does_not_know_is_named()
    {
        await using var backend = await StartGrpcAsync();
        await using var client = Client(backend, "shop.v1.Odrers");

        await Eventually.Equal(EndpointHealth.Unhealthy, () => client.EndpointOf(backend).Health);
        Assert.EndsWith("it does not know the gRPC service 'shop.v1.Odrers' (NOT_FOUND)", client.EndpointOf(backend).HealthReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gRPC_server_without_the_health_service_counts_as_healthy()
    {
        await using var backend = await Backend.StartAsync(
            static builder => builder.Services.AddGrpc().Services.AddSingleton<EchoService>(), static app => app.MapGrpcService<EchoService>(), HttpProtocols.Http2);
        await using var client = Client(backend);

        await Eventually.Equal(EndpointHealth.Healthy, () => client.EndpointOf(backend).Health);
    }

    [Fact]
    public async Task A_probe_over_TLS_has_the_certificate_of_the_service()
    {
        using var certificate = SelfSigned.CertificateFor("api");
        await using var backend = await StartGrpcAsync(certificate);
        await using var client = BalancedClient.Create(builder => builder
            .UseSocketsHttpHandler(static (handler, _) => handler.SslOptions.RemoteCertificateValidationCallback =
                static (_, _, _, errors) => errors == SslPolicyErrors.RemoteCertificateChainErrors)
            .AddLoadBalancing(options =>
            {
                Probe(options, "");
                options.AddEndpoints([backend]);
            }));
        _ = client.Http;

        await Eventually.Equal(EndpointHealth.Healthy, () => client.EndpointOf(backend).Health);
    }

    [Theory]
    [InlineData("text/html", "<html>", "0", "its response is not a gRPC response")]
    [InlineData("application/grpc", "\0\0\0\0\u0002\b\u0001", null, "its response has no gRPC status")]
    [InlineData("application/grpc", "\0\0\0\0\u0002\b\u0001", "14", "it answered with the gRPC status UNAVAILABLE")]
    [InlineData("application/grpc", "\0\0\0\0\u0002\b\u0001", "99", "it answered with the gRPC status an unknown value")]
    [InlineData("application/grpc", "\0\0\0\0\u0002\b\u0009", "0", "it answered an unknown value; expected SERVING")]
    [InlineData("application/grpc", "\u0001\0\0\0\u0002\b\u0001", "0", "its answer is not one of the gRPC health checking protocol")]
    [InlineData("application/grpc", "", "0", "its answer is not one of the gRPC health checking protocol")]
    public async Task An_answer_that_is_not_good_is_told_apart(string type, string body, string? status, string reason)
    {
        await using var backend = await Backend.StartAsync(
            async context =>
            {
                context.Response.ContentType = type;
                await context.Response.WriteAsync(body);
                if (status is not null)
                {
                    context.Response.AppendTrailer("grpc-status", status);
                }
            },
            HttpProtocols.Http2);
        await using var client = Client(backend);

        await Eventually.Equal(EndpointHealth.Unhealthy, () => client.EndpointOf(backend).Health);
        Assert.EndsWith(reason, client.EndpointOf(backend).HealthReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, "it answered 503; expected 200, as gRPC servers answer")]
    [InlineData(404, "it answered 404; expected 200, as gRPC servers answer")]
    public async Task A_server_that_does_not_speak_gRPC_is_unhealthy(int status, string reason)
    {
        await using var backend = await Backend.StartAsync(
            context =>
            {
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            },
            HttpProtocols.Http2);
        await using var client = Client(backend);

        await Eventually.Equal(EndpointHealth.Unhealthy, () => client.EndpointOf(backend).Health);
        Assert.EndsWith(reason, client.EndpointOf(backend).HealthReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_never_ends_fails_the_probe()
    {
        await using var backend = await Backend.StartAsync(
            static async context =>
            {
                context.Response.ContentType = "application/grpc";
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.Body.WriteAsync(new byte[512]);
                }
            },
            HttpProtocols.Http2);
        await using var client = Client(backend);

        await Eventually.Equal(EndpointHealth.Unhealthy, () => client.EndpointOf(backend).Health);
        Assert.EndsWith("its response has no gRPC status", client.EndpointOf(backend).HealthReason, StringComparison.Ordinal);
    }

    private static BalancedClient Client(Backend backend, string service = "")
    {
        var client = BalancedClient.Of(backend, options => Probe(options, service));
        _ = client.Http;
        return client;
    }

    private static void Probe(LoadBalancingOptions options, string service)
    {
        options.ActiveHealthCheck.Enabled = true;
        options.ActiveHealthCheck.Kind = HealthProbeKind.Grpc;
        options.ActiveHealthCheck.GrpcService = service;
        options.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(20);
        options.ActiveHealthCheck.UnhealthyInterval = TimeSpan.FromMilliseconds(20);
        options.ActiveHealthCheck.Timeout = Eventually.Deadline;
    }

    private Task<Backend> StartGrpcAsync(System.Security.Cryptography.X509Certificates.X509Certificate2? certificate = null) => Backend.StartAsync(
        builder =>
        {
            builder.Services.AddGrpc();
            builder.Services.AddGrpcHealthChecks(static options => options.Services.Map(Orders, static _ => true))
                .AddCheck("orders", () => _isSick ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
        },
        static app => app.MapGrpcHealthChecksService(),
        HttpProtocols.Http2,
        certificate);
}
