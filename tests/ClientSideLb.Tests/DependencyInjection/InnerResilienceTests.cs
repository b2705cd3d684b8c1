using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polly;

namespace ClientSideLb.Tests;

/// <summary>Resilience handlers that were added after <c>AddLoadBalancing()</c>, with the real packages.</summary>
public sealed class InnerResilienceTests : IDisposable
{
    private const int ResilienceInside = 42;

    private readonly StubBackend _backend = new();
    private readonly FakeLogCollector _log = new();

    public static TheoryData<string, Action<IHttpClientBuilder>> Harmful => new()
    {
        { "standard", static builder => builder.AddStandardResilienceHandler() },
        { "hedging", static builder => builder.AddStandardHedgingHandler() },
        { "retry", static builder => builder.AddResilienceHandler("own", static pipeline => pipeline.AddTimeout(TimeSpan.FromSeconds(1)).AddRetry(new HttpRetryStrategyOptions())) },
        { "circuit breaker", static builder => builder.AddResilienceHandler("own", static pipeline => pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions())) },
        { "by request", static builder => builder.AddResilienceHandler("own", static pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions())).SelectPipelineByAuthority() },
        { "policy", static builder => builder.AddPolicyHandler(Policy.HandleResult<HttpResponseMessage>(static response => response.StatusCode == HttpStatusCode.BadGateway).RetryAsync(2)) },
        { "transient policy", static builder => builder.AddTransientHttpErrorPolicy(static policy => policy.WaitAndRetryAsync(2, static _ => TimeSpan.FromSeconds(1))) },
        {
            "wrapped policy", static builder => builder.AddPolicyHandler(
                Policy.TimeoutAsync<HttpResponseMessage>(1).WrapAsync(Policy.HandleResult<HttpResponseMessage>(static _ => false).RetryAsync(2)))
        },
    };

    public static TheoryData<string, Action<IHttpClientBuilder>> Harmless => new()
    {
        { "timeout", static builder => builder.AddResilienceHandler("own", static pipeline => pipeline.AddTimeout(TimeSpan.FromSeconds(1))) },
        { "limiter", static builder => builder.AddResilienceHandler("own", static pipeline => pipeline.AddConcurrencyLimiter(100)) },
        { "timeout policy", static builder => builder.AddPolicyHandler(Policy.TimeoutAsync<HttpResponseMessage>(1)) },
        { "another handler", static builder => builder.AddHttpMessageHandler(static () => new RetryHandler()) },
    };

    public void Dispose() => _backend.Dispose();

    [Theory]
    [MemberData(nameof(Harmful))]
    public void One_that_sends_again_or_opens_a_circuit_is_warned_about_once(string what, Action<IHttpClientBuilder> add)
    {
        CreateHandlers(builder => add(builder.AddLoadBalancing(AddEndpoint)));

        var line = Assert.Single(Warnings());
        Assert.Contains("Client 'orders': a ", line, StringComparison.Ordinal);
        Assert.Contains(what.Contains("policy", StringComparison.Ordinal) ? "PolicyHttpMessageHandler" : "ResilienceHandler", line, StringComparison.Ordinal);
        Assert.Contains("builder.AddStandardResilienceHandler(); builder.AddLoadBalancing();", line, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Harmful))]
    public void One_that_is_outside_is_right(string what, Action<IHttpClientBuilder> add)
    {
        CreateHandlers(builder =>
        {
            add(builder);
            builder.AddLoadBalancing(AddEndpoint);
        });

        Assert.True(Warnings().Count == 0, what);
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public void One_inside_that_only_limits_is_right_too(string what, Action<IHttpClientBuilder> add)
    {
        CreateHandlers(builder => add(builder.AddLoadBalancing(AddEndpoint)));

        Assert.True(Warnings().Count == 0, what);
    }

    private static void AddEndpoint(LoadBalancingOptions options) => options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1/") });

    private List<string> Warnings() =>
        [.. _log.GetSnapshot().Where(static line => line is { Level: LogLevel.Warning, Id.Id: ResilienceInside }).Select(static line => line.Message)];

    // The factory makes the handlers of each of its generations anew.
    private void CreateHandlers(Action<IHttpClientBuilder> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(_log)));
        configure(services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => _backend));
        using var provider = services.BuildServiceProvider();
        using var first = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        var options = provider.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<Microsoft.Extensions.Http.HttpClientFactoryOptions>>().Get("orders");
        foreach (var filter in provider.GetServices<Microsoft.Extensions.Http.IHttpMessageHandlerBuilderFilter>())
        {
            var builder = provider.GetRequiredService<Microsoft.Extensions.Http.HttpMessageHandlerBuilder>();
            builder.Name = "orders";
            filter.Configure(next => options.HttpMessageHandlerBuilderActions.ToList().ForEach(action => action(next)))(builder);
        }
    }

    // Named like one that sends again, but of a type that is not known.
    private sealed class RetryHandler : DelegatingHandler;
}
