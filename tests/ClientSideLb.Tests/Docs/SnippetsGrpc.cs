using ClientSideLb.Tests.Docs.Grpc;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/grpc.md.</summary>
internal static class SnippetsGrpc
{
    internal static void Client(IServiceCollection services)
    {
        services.AddGrpcClient<Greeter.GreeterClient>(options => options.Address = new Uri("http://greeter"))
            .AddLoadBalancing(options =>
            {
                options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1:5000") });
                options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.2:5000") });
            });
    }

    internal static async Task ChannelAsync()
    {
        await using var handler = new BalancedHttpHandler("greeter", options =>
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1:5000") });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.2:5000") });
        });
        using var channel = GrpcChannel.ForAddress("http://greeter", new GrpcChannelOptions { HttpHandler = handler });

        var client = new Greeter.GreeterClient(channel);
        var reply = await client.SayHelloAsync(new HelloRequest { Name = "shop" });
        Console.WriteLine(reply.Message);
    }

    internal static void Retries(IServiceCollection services)
    {
        var retries = new ServiceConfig
        {
            MethodConfigs =
            {
                new MethodConfig
                {
                    // These methods may be processed twice.
                    Names = { new MethodName { Service = "greet.Greeter", Method = "SayHello" } },
                    RetryPolicy = new RetryPolicy
                    {
                        MaxAttempts = 3,
                        InitialBackoff = TimeSpan.FromMilliseconds(50),
                        MaxBackoff = TimeSpan.FromSeconds(1),
                        BackoffMultiplier = 2,
                        RetryableStatusCodes = { StatusCode.Unavailable },
                    },
                },
            },
        };

        services.AddGrpcClient<Greeter.GreeterClient>(options => options.Address = new Uri("http://greeter"))
            .ConfigureChannel(channel => channel.ServiceConfig = retries)
            .AddLoadBalancing();
    }

    internal static void Statuses(LoadBalancingOptions options)
    {
        options.IsFailure = result =>
            result.Verdict is AttemptVerdict.Failure or AttemptVerdict.Refused
            || (result.Response is { } response
                && response.Headers.TryGetValues("grpc-status", out var status)
                && status.First() is "8" or "13"); // RESOURCE_EXHAUSTED, INTERNAL
    }

    internal static void Probes(IServiceCollection services)
    {
        services.AddGrpcClient<Greeter.GreeterClient>(options => options.Address = new Uri("http://greeter"))
            .AddLoadBalancing(options =>
            {
                options.ActiveHealthCheck.Enabled = true;
                options.ActiveHealthCheck.Kind = HealthProbeKind.Grpc;
                options.ActiveHealthCheck.GrpcService = "greet.Greeter";
            });
    }

    internal static async Task DeadlineAsync(Greeter.GreeterClient client)
    {
        await client.SayHelloAsync(new HelloRequest { Name = "shop" }, deadline: DateTime.UtcNow.AddSeconds(2));
    }
}
