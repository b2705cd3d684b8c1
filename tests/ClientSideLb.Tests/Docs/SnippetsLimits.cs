using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/limits.md.</summary>
internal static class SnippetsLimits
{
    internal static void Limits(IServiceCollection services)
    {
        services.AddHttpClient("orders").AddLoadBalancing(options =>
        {
            options.Concurrency.MaxInFlightPerEndpoint = 8;
            options.Concurrency.QueueLimit = 100;
            options.Concurrency.QueueTimeout = TimeSpan.FromMilliseconds(500);
        });
    }

    internal static void Owners(IServiceCollection services)
    {
        services.AddHttpClient("sessions").AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.ConsistentHash;
            options.Concurrency.MaxInFlightPerEndpoint = 8;
            options.Concurrency.QueueLimit = 100;
            options.Concurrency.WaitForOwner = true;
        });
    }

    internal static void Adaptive(IServiceCollection services)
    {
        services.AddHttpClient("orders").AddLoadBalancing(options =>
        {
            options.Concurrency.Adaptive = true;
            options.Concurrency.QueueLimit = 50;
            options.Concurrency.QueueTimeout = TimeSpan.FromMilliseconds(100);
        });
    }

    internal static async Task<string> DoWithoutAsync(HttpClient client)
    {
        try
        {
            return await client.GetStringAsync("recommendations");
        }
        catch (NoEndpointAvailableException fault) when (fault.Reason == NoEndpointReason.Saturated)
        {
            return "[]";
        }
    }

    internal static void Resilience(IServiceCollection services)
    {
        services.AddHttpClient("orders")
            .AddStandardResilienceHandler(options => options.Retry.ShouldHandle = static arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is not NoEndpointAvailableException { Reason: NoEndpointReason.Saturated }
                && HttpClientResiliencePredicates.IsTransient(arguments.Outcome)));

        services.AddHttpClient("orders").AddLoadBalancing(options =>
        {
            options.Concurrency.MaxInFlightPerEndpoint = 8;
            options.Concurrency.QueueLimit = 100;
        });
    }
}
