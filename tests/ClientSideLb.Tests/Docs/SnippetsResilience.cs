using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/resilience.md.</summary>
internal static class SnippetsResilience
{
    internal static void RightOrder(IServiceCollection services)
    {
        var orders = services.AddHttpClient("orders");
        orders.AddStandardResilienceHandler();
        orders.AddLoadBalancing();
    }

    internal static void BalancerRetries(IServiceCollection services)
    {
        var orders = services.AddHttpClient("orders");
        orders.AddStandardResilienceHandler(options => options.Retry.ShouldHandle = static _ => PredicateResult.False());
        orders.AddLoadBalancing();
    }

    internal static void HandlerRetries(IServiceCollection services)
    {
        var orders = services.AddHttpClient("orders");
        orders.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
        orders.AddLoadBalancing(options => options.Failover.Enabled = false);
    }

    internal static void Hedging(IServiceCollection services)
    {
        services.AddHttpClient("orders").AddLoadBalancing(options => options.Failover.HedgingDelay = TimeSpan.FromMilliseconds(200));
    }

    internal static void Timeouts(IServiceCollection services)
    {
        var orders = services.AddHttpClient("orders");
        orders.AddStandardResilienceHandler(options =>
        {
            options.Retry.ShouldHandle = static _ => PredicateResult.False();
            options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(8);
            options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(10);
        });
        orders.AddLoadBalancing(options => options.Failover.AttemptTimeout = TimeSpan.FromSeconds(2));
    }
}
