using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace ClientSideLb.AspNetCore.Tests.Page;

public sealed class LocalPortTests
{
    private readonly int _pagePort = FindFreePort();

    public static TheoryData<string, string> Headers => new()
    {
        { "Host", "127.0.0.1:{0}" },
        { "X-Forwarded-Host", "127.0.0.1:{0}" },
        { "X-Forwarded-For", "127.0.0.1:{0}" },
        { "X-Forwarded-Port", "{0}" },
    };

    [Fact]
    public async Task The_page_is_served_at_its_port()
    {
        await using var app = await StartAsync();

        foreach (var path in (string[])["", "/page.css", "/page.js", "/clusters", "/events"])
        {
            using var response = await app.Browser.GetAsync(
                new Uri($"http://127.0.0.1:{_pagePort}{TestApp.Path}{path}"), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task The_page_is_not_found_at_another_port_whatever_the_headers_say(string name, string value)
    {
        await using var app = await StartAsync();

        foreach (var (method, path) in ((HttpMethod, string)[])
            [
                (HttpMethod.Get, ""), (HttpMethod.Get, "/page.css"), (HttpMethod.Get, "/page.js"), (HttpMethod.Get, "/clusters"), (HttpMethod.Get, "/events"),
                (HttpMethod.Post, "/drain"), (HttpMethod.Post, "/resume"),
            ])
        {
            using var request = new HttpRequestMessage(method, TestApp.Path + path);
            request.Headers.TryAddWithoutValidation(name, string.Format(null, value, _pagePort));
            using var response = await app.Browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void A_port_out_of_range_is_refused(int port) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoadBalancingPageOptions { LocalPort = port });

    private Task<TestApp> StartAsync() => TestApp.StartAsync(map: app =>
    {
        app.Urls.Add("http://127.0.0.1:0");
        app.Urls.Add($"http://127.0.0.1:{_pagePort}");
        app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All });
        app.UseRouting();
        app.MapLoadBalancing(TestApp.Path, options =>
        {
            options.AllowChanges = true;
            options.LocalPort = _pagePort;
        });
    });

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
