using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientSideLb.AspNetCore.Tests.Page;

public sealed class PageTests
{
    public static TheoryData<string, string> Files => new()
    {
        { "", "text/html" },
        { "/page.css", "text/css" },
        { "/page.js", "text/javascript" },
        { "/clusters", "application/json" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Everything_is_served_with_a_strict_policy(string path, string type)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.Browser.GetAsync(TestApp.Path + path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("/load-balancing", "/load-balancing")]
    [InlineData("/load-balancing", "/load-balancing/")]
    [InlineData("/ops/lb/", "/ops/lb")]
    public async Task What_the_page_asks_for_is_below_where_it_is_mapped(string pattern, string asked)
    {
        await using var app = await TestApp.StartAsync(map: app => app.MapLoadBalancing(pattern));

        var html = await app.Browser.GetStringAsync(asked);

        Assert.Contains($"<base href=\"{asked.TrimEnd('/')}/\">", html, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_knows_the_path_base_of_its_application()
    {
        await using var app = await TestApp.StartAsync(map: static app =>
        {
            app.UsePathBase("/shop");
            app.UseRouting();
            app.MapLoadBalancing(TestApp.Path);
        });

        var html = await app.Browser.GetStringAsync("/shop" + TestApp.Path);

        Assert.Contains("<base href=\"/shop/load-balancing/\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_the_browser_has_is_not_sent_again()
    {
        await using var app = await TestApp.StartAsync();
        using var first = await app.Browser.GetAsync($"{TestApp.Path}/page.js");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"{TestApp.Path}/page.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await app.Browser.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task No_file_names_another_site()
    {
        await using var app = await TestApp.StartAsync();

        foreach (var path in Files.Select(static file => file.Data.Item1).Where(static path => path != "/clusters"))
        {
            var text = await app.Browser.GetStringAsync(TestApp.Path + path);
            Assert.DoesNotContain("//", text.Replace("// ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_JSON_tells_how_each_endpoint_is()
    {
        await using var app = await TestApp.StartAsync(3, static options =>
        {
            options.Strategy = LoadBalancingStrategies.WeightedRoundRobin;
            options.Endpoints[0].Weight = 2;
            options.Endpoints[0].Zone = "a";
        });
        app.Cluster.TryDrain(app.Backends[2].Address);

        var status = await app.StatusAsync();

        var cluster = Assert.Single(status.GetProperty("clusters").EnumerateArray());
        Assert.Equal("orders", cluster.GetProperty("client").GetString());
        Assert.Equal("orders", cluster.GetProperty("service").GetString());
        Assert.Equal("WeightedRoundRobin", cluster.GetProperty("strategy").GetString());
        Assert.Equal(2, cluster.GetProperty("available").GetInt32());
        Assert.False(cluster.GetProperty("inPanic").GetBoolean());
        var rows = cluster.GetProperty("endpoints").EnumerateArray().ToList();
        Assert.Equal(app.Backends.Select(static backend => backend.Name), rows.Select(static row => row.GetProperty("address").GetString()));
        Assert.Equal(["Unknown", "Unknown", "Draining"], rows.Select(static row => row.GetProperty("health").GetString()));
        Assert.Equal([null, null, "it was drained by hand"], rows.Select(static row => row.GetProperty("reason").GetString()));
        Assert.Equal(["a", null, null], rows.Select(static row => row.GetProperty("zone").GetString()));
        Assert.Equal([2, 1, 1], rows.Select(static row => row.GetProperty("weight").GetInt32()));
        Assert.Equal([2.0 / 3, 1.0 / 3, null], rows.Select(static row => Number(row, "fairShare")));
    }

    [Fact]
    public async Task The_JSON_tells_what_went_to_each_endpoint()
    {
        await using var app = await TestApp.StartAsync(2, static options => options.Failover.Enabled = false);
        app.Backends[1].AnswerWith(503);

        await app.SendAsync(8);
        await Eventually.True(async () => Number(await app.RowAsync(app.Backends[0]), "share") == 0.5, "all requests are in whole seconds");

        var (good, bad) = (await app.RowAsync(app.Backends[0]), await app.RowAsync(app.Backends[1]));
        Assert.Equal((0.4, 0.4), (Number(good, "requestsPerSecond"), Number(bad, "requestsPerSecond")));
        Assert.Equal((0.5, 0.5), (Number(good, "share"), Number(bad, "share")));
        Assert.Equal((0.0, 1.0), (Number(good, "errorRate"), Number(bad, "errorRate")));
        Assert.Equal(4, good.GetProperty("history").EnumerateArray().Sum(static second => second.GetInt32()));
        Assert.Equal(60, good.GetProperty("history").GetArrayLength());
        Assert.True(Number(good, "p50Ms") > 0);
        Assert.True(Number(good, "p99Ms") >= Number(good, "p50Ms"));
        Assert.Null(Number(bad, "p50Ms"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/", "http://127.0.0.1:{0}")]
    [InlineData("http://127.0.0.1:{0}/base/", "http://127.0.0.1:{0}/base")]
    [InlineData("http://LocalHost:{0}", "http://localhost:{0}")]
    [InlineData("ws://127.0.0.1:{0}", "http://127.0.0.1:{0}")]
    public async Task However_an_address_is_written_its_row_has_its_traffic(string written, string shown)
    {
        await using var backend = await TestBackend.StartNewAsync();
        var address = new Uri(string.Format(CultureInfo.InvariantCulture, written, backend.Address.Port));
        await using var app = await TestApp.StartAsync(0, options => options.Endpoints.Add(new EndpointOptions { Address = address }));

        await app.SendAsync(1);

        await Eventually.True(async () => Number(Assert.Single(await RowsAsync(app)), "share") == 1, "the request is in a whole second");
        Assert.Equal(
            string.Format(CultureInfo.InvariantCulture, shown, backend.Address.Port),
            Assert.Single(await RowsAsync(app)).GetProperty("address").GetString());
    }

    [Fact]
    public async Task Addresses_with_credentials_are_never_shown()
    {
        const string Secret = "hunter2";
        await using var app = await TestApp.StartAsync(
            services: static services =>
            {
                services
                    .AddHttpClient("prices", static http => http.BaseAddress = new Uri($"http://user:{Secret}@prices/"))
                    .AddLoadBalancing(static options => options.ActiveHealthCheck.Enabled = true);
                services.AddHealthChecks().AddLoadBalancing();
            },
            settings: new()
            {
                ["Services:prices:http:0"] = $"http://user:{Secret}@127.0.0.1:1",
                ["Services:prices:http:1"] = "http://127.0.0.1:2",
            });
        await Eventually.True(async () => (await ShownAsync()).Contains("http://127.0.0.1:2\"", StringComparison.Ordinal), "the service is found");

        Assert.DoesNotContain("http://127.0.0.1:1\"", await ShownAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await ShownAsync(), StringComparison.Ordinal);
        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.DoesNotContain(Secret, JsonSerializer.Serialize(health), StringComparison.Ordinal);

        async Task<string> ShownAsync() => (await app.StatusAsync()).GetProperty("clusters").GetRawText();
    }

    [Fact]
    public async Task An_ejected_endpoint_tells_why_and_for_how_long()
    {
        await using var app = await TestApp.StartAsync(2, static options => options.Failover.Enabled = false);
        app.Backends[0].AnswerWith(503);

        await app.SendAsync(10);

        var row = await app.RowAsync(app.Backends[0]);
        Assert.Equal("Ejected", row.GetProperty("health").GetString());
        Assert.Equal("5 requests in a row failed", row.GetProperty("reason").GetString());
        Assert.InRange(Number(row, "ejectionSecondsLeft")!.Value, 0, 11);
        Assert.Null(Number(row, "fairShare"));
    }

    [Fact]
    public async Task Requests_in_flight_are_those_whose_body_is_not_read()
    {
        await using var app = await TestApp.StartAsync(1);
        using var http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        using var response = await http.GetAsync(new Uri("", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(1, (await app.RowAsync(app.Backends[0])).GetProperty("inFlight").GetInt32());
    }

    [Fact]
    public async Task Without_authorization_nothing_is_shown_and_nothing_can_be_changed()
    {
        await using var app = await TestApp.StartAsync(
            services: static services => services.AddNobody(),
            map: static app => app.MapLoadBalancing(TestApp.Path, static options => options.AllowChanges = true).RequireAuthorization());

        foreach (var path in (string[])["", "/page.css", "/page.js", "/clusters", "/events"])
        {
            using var shown = await app.Browser.GetAsync(TestApp.Path + path, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.Unauthorized, shown.StatusCode);
            Assert.Empty(await shown.Content.ReadAsStringAsync());
        }

        foreach (var path in (string[])["/drain", "/resume"])
        {
            using var changed = await app.Browser.PostAsync(TestApp.Path + path, null);
            Assert.Equal(HttpStatusCode.Unauthorized, changed.StatusCode);
        }
    }

    [Fact]
    public async Task An_application_that_does_not_map_it_has_nothing_there()
    {
        await using var app = await TestApp.StartAsync(map: static _ => { });

        using var response = await app.Browser.GetAsync(TestApp.Path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Mapping_it_without_a_balanced_client_says_what_is_missing()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var fault = Assert.Throws<InvalidOperationException>(() => app.MapLoadBalancing(TestApp.Path));

        Assert.Contains("AddLoadBalancing()", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Allowing_changes_without_antiforgery_says_what_is_missing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddHttpClient("orders").AddLoadBalancing();
        await using var app = builder.Build();

        var fault = Assert.Throws<InvalidOperationException>(() => app.MapLoadBalancing(TestApp.Path, static options => options.AllowChanges = true));

        Assert.Contains("AddAntiforgery()", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<List<JsonElement>> RowsAsync(TestApp app) =>
        [.. (await app.StatusAsync()).GetProperty("clusters")[0].GetProperty("endpoints").EnumerateArray()];

    private static double? Number(JsonElement row, string name) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
