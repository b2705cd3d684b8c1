using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.PublicApi.Tests.Docs;

/// <summary>What the rules of docs/write-a-failure-rule.md do. The first of two backends gives the answer that the rule is about.</summary>
public sealed class FailureRuleTests
{
    [Fact]
    public async Task A_500_moves_with_the_rule_for_it() =>
        Assert.Equal(["10.0.0.1", "10.0.0.2"], await SendAsync(FailureRules.ServerErrors, static () => new HttpResponseMessage(HttpStatusCode.InternalServerError)));

    [Fact]
    public async Task A_429_moves_with_the_rule_for_it() =>
        Assert.Equal(
            ["10.0.0.1", "10.0.0.2"],
            await SendAsync(With(FailureRules.TooManyRequests), static () => new HttpResponseMessage(HttpStatusCode.TooManyRequests)));

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task A_503_that_is_about_the_request_stays(bool isMarked, int attempts)
    {
        var hosts = await SendAsync(With(FailureRules.FaultOfTheRequest), () => Marked(HttpStatusCode.ServiceUnavailable, "X-Your-Fault", isMarked));

        Assert.Equal(attempts, hosts.Count);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task A_good_answer_moves_if_its_header_says_that_the_backend_is_degraded(bool isMarked, int attempts)
    {
        var hosts = await SendAsync(With(FailureRules.MarkedByAHeader), () => Marked(HttpStatusCode.OK, "X-Degraded", isMarked));

        Assert.Equal(attempts, hosts.Count);
    }

    [Theory]
    [InlineData("""{"error":"overloaded"}""", 2)]
    [InlineData("""{"order":7}""", 1)]
    public async Task An_error_in_the_body_moves_by_a_handler_inside(string body, int attempts)
    {
        var hosts = await SendAsync(FailureRules.ByBody, () => new HttpResponseMessage { Content = new StringContent(body) });

        Assert.Equal(attempts, hosts.Count);
    }

    private static Action<IServiceCollection> With(Action<LoadBalancingOptions> rule) =>
        services => services.AddHttpClient("orders").AddLoadBalancing(rule);

    private static HttpResponseMessage Marked(HttpStatusCode status, string header, bool isMarked)
    {
        var response = new HttpResponseMessage(status);
        if (isMarked)
        {
            response.Headers.Add(header, "1");
        }

        return response;
    }

    private static async Task<List<string>> SendAsync(Action<IServiceCollection> addRule, Func<HttpResponseMessage> first)
    {
        var hosts = new List<string>();
        var services = new ServiceCollection().AddOrders();
        addRule(services);
        services.AddSingleton<ILoadBalancingStrategy>(new PinnedStrategy("10.0.0.1"));
        services.AddHttpClient("orders")
            .AddLoadBalancing(static options => options.Strategy = "Pinned")
            .ConfigurePrimaryHttpMessageHandler(() => new StubBackends(request =>
            {
                hosts.Add(request.RequestUri!.Host);
                return request.RequestUri.Host == "10.0.0.1" ? first() : new HttpResponseMessage();
            }));
        await using var provider = services.BuildServiceProvider();
        using var response = await provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders").GetAsync("orders/7");
        return hosts;
    }
}
