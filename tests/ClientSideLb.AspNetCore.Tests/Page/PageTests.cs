using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.AspNetCore.Tests.Page;

public sealed partial class PageTests
{
    [Theory]
    [InlineData("", "text/html")]
    [InlineData("/page.css", "text/css")]
    [InlineData("/page.js", "text/javascript")]
    [InlineData("/clusters", "application/json")]
    [InlineData("/events", "text/event-stream")]
    public async Task Every_response_has_a_strict_content_security_policy(string path, string type)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.Browser.GetAsync(TestApp.Path + path, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("", "/load-balancing", "/load-balancing")]
    [InlineData("", "/load-balancing", "/load-balancing/")]
    [InlineData("", "/ops/lb/", "/ops/lb")]
    [InlineData("/shop", "/load-balancing", "/shop/load-balancing")]
    public async Task The_links_of_the_page_are_relative_to_its_own_address(string pathBase, string pattern, string path)
    {
        await using var app = await TestApp.StartAsync(map: app =>
        {
            app.UsePathBase(pathBase);
            app.UseRouting();
            app.MapLoadBalancing(pattern);
        });

        var html = await app.Browser.GetStringAsync(path);

        Assert.Equal(new Uri(app.Address, $"{path.TrimEnd('/')}/"), ReadBase(html, new Uri(app.Address, path)));
        Assert.DoesNotContain("{{", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/load-balancing", "//evil.example")]
    [InlineData("/load-balancing", "///evil.example")]
    [InlineData("/load-balancing", "/\\evil.example")]
    [InlineData("/load-balancing", "/%5Cevil.example")]
    [InlineData("/load-balancing", "/\"><script src=x></script>")]
    [InlineData("/load-balancing", "/..")]
    [InlineData("/load-balancing/", "//evil.example")]
    public async Task A_forged_prefix_does_not_change_where_the_page_loads_its_files_from(string path, string prefix)
    {
        await using var app = await TestApp.StartAsync(map: MapWithForwardedHeaders);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Prefix", prefix);

        using var response = await app.Browser.SendAsync(request);

        var html = await response.Content.ReadAsStringAsync();
        Assert.Equal(new Uri(app.Address, "/load-balancing/"), ReadBase(html, new Uri(app.Address, path)));
        Assert.DoesNotContain("evil", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=x", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/https:evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\"><script src=x></script>")]
    public async Task A_page_at_the_root_of_an_application_stays_on_its_own_site_if_the_prefix_is_forged(string pathBase)
    {
        await using var app = await TestApp.StartAsync(map: app =>
        {
            app.Use((context, next) =>
            {
                (context.Request.PathBase, context.Request.Path) = (new PathString(pathBase), PathString.Empty);
                return next(context);
            });
            app.UseRouting();
            app.MapLoadBalancing("/");
        });

        var html = await app.Browser.GetStringAsync("/");

        Assert.Equal(app.Address.Authority, ReadBase(html, app.Address).Authority);
        Assert.DoesNotContain("<script src=x>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_links_of_the_page_hold_behind_a_proxy_that_removes_a_prefix_without_a_word()
    {
        await using var app = await TestApp.StartAsync();

        var html = await app.Browser.GetStringAsync(TestApp.Path);

        Assert.Equal(new Uri("https://shop.example/ops/load-balancing/"), ReadBase(html, new Uri("https://shop.example/ops/load-balancing")));
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
    public async Task No_file_of_the_page_refers_to_another_site()
    {
        await using var app = await TestApp.StartAsync();

        foreach (var path in (string[])["", "/page.css", "/page.js"])
        {
            var text = await app.Browser.GetStringAsync(TestApp.Path + path);
            Assert.DoesNotContain("//", text.Replace("// ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_user_who_is_not_authorized_can_neither_see_nor_change_anything()
    {
        await using var app = await TestApp.StartAsync(
            services: static services => services.AddAnonymousAuthentication(),
            map: static app => app.MapLoadBalancing(TestApp.Path, static options => options.AllowChanges = true).RequireAuthorization());

        foreach (var (method, path) in ((HttpMethod, string)[])
            [
                (HttpMethod.Get, ""), (HttpMethod.Get, "/page.css"), (HttpMethod.Get, "/page.js"), (HttpMethod.Get, "/clusters"), (HttpMethod.Get, "/events"),
                (HttpMethod.Post, "/drain"), (HttpMethod.Post, "/resume"),
            ])
        {
            using var request = new HttpRequestMessage(method, TestApp.Path + path);
            using var response = await app.Browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task An_application_that_does_not_map_the_page_does_not_serve_it()
    {
        await using var app = await TestApp.StartAsync(map: static _ => { });

        using var response = await app.Browser.GetAsync(TestApp.Path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task MapLoadBalancing_reports_a_missing_balanced_client()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var fault = Assert.Throws<InvalidOperationException>(() => app.MapLoadBalancing(TestApp.Path));

        Assert.Contains("AddLoadBalancing()", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapLoadBalancing_reports_missing_antiforgery_if_changes_are_allowed()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddHttpClient("orders").AddLoadBalancing();
        await using var app = builder.Build();

        var fault = Assert.Throws<InvalidOperationException>(() => app.MapLoadBalancing(TestApp.Path, static options => options.AllowChanges = true));

        Assert.Contains("AddAntiforgery()", fault.Message, StringComparison.Ordinal);
    }

    // As a browser does: relative to the address at which it loaded the page.
    private static Uri ReadBase(string html, Uri page) => new(page, WebUtility.HtmlDecode(BaseElement().Match(html).Groups["href"].Value));

    private static void MapWithForwardedHeaders(WebApplication app)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All };
        app.UseForwardedHeaders(options);
        app.UseRouting();
        app.MapLoadBalancing(TestApp.Path);
    }

    [GeneratedRegex("""<base href="(?<href>[^"]+)">""")]
    private static partial Regex BaseElement();
}
