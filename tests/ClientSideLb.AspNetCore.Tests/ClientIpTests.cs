using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.AspNetCore.Tests;

/// <summary>Requests that are sent while a request is served go to the backend of who sent that.</summary>
public sealed class ClientIpTests
{
    private const int Callers = 40;

    [Fact]
    public async Task Callers_that_the_application_was_told_to_trust_a_proxy_about_stay_at_backends_of_their_own()
    {
        await using var app = await StartAsync(useForwardedHeaders: true);

        var first = await BackendsOfAsync(app);
        var second = await BackendsOfAsync(app);

        Assert.Equal(first, second);
        Assert.True(first.Distinct().Count() > 1, "Callers are spread.");
    }

    [Fact]
    public async Task A_header_that_nobody_was_told_to_trust_is_not_believed()
    {
        await using var app = await StartAsync(useForwardedHeaders: false);

        Assert.Single((await BackendsOfAsync(app)).Distinct());
    }

    [Fact]
    public async Task Outside_of_any_request_there_is_no_caller()
    {
        await using var app = await StartAsync(useForwardedHeaders: true);

        Assert.Null(app.Services.GetRequiredService<IAmbientClientIp>().ClientIp);
    }

    private static Task<TestApp> StartAsync(bool useForwardedHeaders) => TestApp.StartAsync(
        5,
        static options => options.Strategy = LoadBalancingStrategies.IpHash,
        static services => services.AddLoadBalancingClientIp(),
        app =>
        {
            if (useForwardedHeaders)
            {
                app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor });
            }

            app.MapGet("/backend", static async (IHttpClientFactory clients, HttpContext context) =>
            {
                using var response = await clients.CreateClient("orders").GetAsync(new Uri("", UriKind.Relative));
                await context.Response.WriteAsync($"{response.RequestMessage!.GetEndpoint()}");
            });
        });

    private static async Task<string[]> BackendsOfAsync(TestApp app)
    {
        var backends = new string[Callers];
        for (var caller = 0; caller < Callers; caller++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/backend");
            request.Headers.Add("X-Forwarded-For", $"203.0.113.{caller}");
            using var response = await app.Browser.SendAsync(request);
            backends[caller] = await response.Content.ReadAsStringAsync();
        }

        return backends;
    }
}
