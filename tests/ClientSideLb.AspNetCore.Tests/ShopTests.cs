using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClientSideLb.AspNetCore.Tests.Browser;
using Microsoft.Playwright;

namespace ClientSideLb.AspNetCore.Tests;

/// <summary>Runs examples/Shop as a user does.</summary>
public sealed class ShopTests(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly ShopProcess _shop = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    public async ValueTask InitializeAsync()
    {
        await _shop.InitializeAsync();
        _http.BaseAddress = _shop.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _shop.DisposeAsync();
        output.WriteLine(_shop.Printed);
    }

    [Fact]
    public async Task No_request_fails_when_a_replica_is_killed_and_the_health_check_tells_of_it()
    {
        Assert.Equal([1, 2, 3], (await AskAsync(60)).Distinct().Order());
        Assert.Equal("Teapot", (await _http.GetFromJsonAsync<JsonElement>("products/1")).GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.NotFound, await GetStatusAsync("products/9"));
        await Eventually.TrueAsync(async () => await _http.GetStringAsync("health") == "Healthy", "all replicas are well");

        await _shop.TypeAsync("2", "replica 2 is killed");

        Assert.Equal([1, 3], (await AskAsync(60)).Distinct().Order());
        await Eventually.TrueAsync(async () => await _http.GetStringAsync("health") == "Degraded", "a replica is out");
        Assert.Equal("Healthy", await _http.GetStringAsync("alive"));

        await _shop.TypeAsync("2", "replica 2 is started again");
        await Eventually.TrueAsync(async () => (await AskAsync(10)).Contains(2), "the replica takes requests again");
    }

    [Fact]
    public async Task An_outage_of_all_replicas_is_a_503_and_ends_with_the_first_of_them()
    {
        foreach (var number in new[] { 1, 2, 3 })
        {
            await _shop.TypeAsync($"{number}", $"replica {number} is killed");
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetStatusAsync("products"));
        Assert.Equal("Healthy", await _http.GetStringAsync("alive"));

        await _shop.TypeAsync("3", "replica 3 is started again");
        await Eventually.TrueAsync(async () => await GetStatusAsync("products") == HttpStatusCode.OK, "the shop has products again");
    }

    [Fact]
    public async Task Prometheus_reads_the_metrics_of_the_balancer()
    {
        await AskAsync(10);

        Assert.Matches(@"(?m)^clientsidelb_requests_total\{[^}]*clientsidelb_client=""catalog""[^}]*\} [1-9]", await _http.GetStringAsync("metrics"));
        await Eventually.TrueAsync(
            async () => Regex.Count(await _http.GetStringAsync("metrics"), @"(?m)^clientsidelb_endpoint_available\{[^}]*\} 1\b") == 3,
            "all replicas are available");
    }

    [Fact]
    public async Task Nobody_sees_the_page_without_the_password_and_no_other_site_can_sign_in()
    {
        using var page = await _http.GetAsync("load-balancing");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal("/sign-in", page.Headers.Location!.AbsolutePath);
        Assert.Equal(HttpStatusCode.Redirect, await GetStatusAsync("load-balancing/clusters"));

        Assert.Equal("/sign-in", (await SignInAsync("operator", "wrong")).Location);
        Assert.Equal((HttpStatusCode.Redirect, "/load-balancing"), await SignInAsync("operator", "demo"));
        Assert.Contains("<title>Load balancing</title>", await _http.GetStringAsync("load-balancing"), StringComparison.Ordinal);

        using var forged = await _http.PostAsync("sign-in", new FormUrlEncodedContent([new("user", "operator"), new("password", "demo")]));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_api_and_the_replicas()
    {
        Assert.Equal(0, await _shop.InterruptAsync());

        await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync("alive"));
    }

    [Fact]
    public async Task An_operator_signs_in_with_a_browser_and_drains_a_replica()
    {
        var page = await chromium.NewPageAsync();
        await page.GotoAsync($"{_shop.Address}load-balancing");
        await page.GetByLabel("User").FillAsync("operator");
        await page.GetByLabel("Password").FillAsync("demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Drain" }).First.ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeVisibleAsync();
        await Eventually.TrueAsync(async () => (await AskAsync(30)).Distinct().Count() == 2, "one replica gets no more requests");
    }

    /// <summary>Asks for the products, and returns the replicas that answered.</summary>
    private async Task<IReadOnlyList<int>> AskAsync(int requests)
    {
        var replicas = new List<int>();
        for (var i = 0; i < requests; i++)
        {
            replicas.Add((await _http.GetFromJsonAsync<JsonElement>("products")).GetProperty("replica").GetInt32());
        }

        return replicas;
    }

    private async Task<HttpStatusCode> GetStatusAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return response.StatusCode;
    }

    private async Task<(HttpStatusCode Status, string? Location)> SignInAsync(string user, string password)
    {
        var form = await _http.GetStringAsync("sign-in?ReturnUrl=%2Fload-balancing");
        var field = Regex.Match(form, @"name=""(__RequestVerificationToken)"" value=""([^""]+)""");
        using var response = await _http.PostAsync(
            "sign-in?ReturnUrl=%2Fload-balancing",
            new FormUrlEncodedContent([new(field.Groups[1].Value, field.Groups[2].Value), new("user", user), new("password", password)]));
        return (response.StatusCode, response.Headers.Location?.OriginalString.Split('?')[0]);
    }
}
