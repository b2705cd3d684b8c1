using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.AspNetCore.Tests.ClientIp;

/// <summary>IP hashing by the caller whose request is being served.</summary>
public sealed class ClientIpTests
{
    private const int Callers = 40;

    [Fact]
    public async Task A_caller_behind_a_trusted_proxy_stays_at_one_backend()
    {
        await using var app = await StartAsync(useForwardedHeaders: true);

        var first = await FindBackendsAsync(app);
        var second = await FindBackendsAsync(app);

        Assert.Equal(first, second);
        Assert.True(first.Distinct().Count() > 1, "All callers were sent to one backend.");
    }

    [Fact]
    public async Task A_forwarded_header_is_ignored_unless_the_application_trusts_it()
    {
        await using var app = await StartAsync(useForwardedHeaders: false);

        Assert.Single((await FindBackendsAsync(app)).Distinct());
    }

    [Fact]
    public async Task Code_that_serves_no_request_has_no_caller()
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

    /// <summary>Finds the backend of each caller.</summary>
    private static async Task<string[]> FindBackendsAsync(TestApp app)
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
