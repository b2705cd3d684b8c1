using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace ClientSideLb.AspNetCore.Tests.Page;

public sealed class ChangesTests
{
    [Fact]
    public async Task An_operator_can_drain_and_resume_a_backend()
    {
        await using var app = await TestApp.StartAsync();
        var token = await GetTokenAsync(app);

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(app, "drain", token, CreateBody(app.Backends[0].Name)));
        await app.SendAsync(10);
        Assert.Equal(0, app.Backends[0].Requests);

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(app, "resume", token, CreateBody(app.Backends[0].Name)));
        await app.SendAsync(10);
        Assert.Equal(5, app.Backends[0].Requests);
    }

    [Fact]
    public async Task A_read_only_page_takes_no_changes()
    {
        await using var app = await TestApp.StartAsync(map: static app => app.MapLoadBalancing(TestApp.Path));

        Assert.Equal(JsonValueKind.Null, (await app.GetStatusAsync()).GetProperty("antiforgery").ValueKind);
        await AssertRefusedAsync(HttpStatusCode.NotFound, app, token: null, CreateBody(app.Backends[0].Name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("forged")]
    public async Task A_change_without_the_right_token_is_refused(string? token)
    {
        await using var app = await TestApp.StartAsync();
        await GetTokenAsync(app);

        await AssertRefusedAsync(HttpStatusCode.BadRequest, app, token, CreateBody(app.Backends[0].Name));
    }

    [Fact]
    public async Task A_change_without_the_cookie_of_its_token_is_refused()
    {
        await using var app = await TestApp.StartAsync();
        using var other = new HttpClient { BaseAddress = app.Address };

        await AssertRefusedAsync(HttpStatusCode.BadRequest, app, await GetTokenAsync(app), CreateBody(app.Backends[0].Name), other);
    }

    [Fact]
    public async Task A_body_that_a_form_of_another_site_could_send_is_refused()
    {
        await using var app = await TestApp.StartAsync();
        var body = new StringContent(await CreateBody(app.Backends[0].Name).ReadAsStringAsync(), mediaType: new("text/plain"));

        await AssertRefusedAsync(HttpStatusCode.UnsupportedMediaType, app, await GetTokenAsync(app), body);
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_refused()
    {
        await using var app = await TestApp.StartAsync();

        await AssertRefusedAsync(HttpStatusCode.BadRequest, app, await GetTokenAsync(app), new StringContent("{", mediaType: new("application/json")));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", HttpStatusCode.NotFound)]
    [InlineData("not an address", HttpStatusCode.BadRequest)]
    [InlineData(null, HttpStatusCode.BadRequest)]
    public async Task A_change_of_an_endpoint_that_does_not_exist_is_refused(string? endpoint, HttpStatusCode status)
    {
        await using var app = await TestApp.StartAsync();

        await AssertRefusedAsync(status, app, await GetTokenAsync(app), CreateBody(endpoint));
    }

    [Fact]
    public async Task A_change_by_GET_is_refused()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.Browser.GetAsync($"{TestApp.Path}/drain");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    private static async Task<string> GetTokenAsync(TestApp app)
    {
        var antiforgery = (await app.GetStatusAsync()).GetProperty("antiforgery");
        Assert.Equal("RequestVerificationToken", antiforgery.GetProperty("name").GetString());
        return antiforgery.GetProperty("value").GetString()!;
    }

    private static JsonContent CreateBody(string? endpoint) =>
        JsonContent.Create(new Dictionary<string, string?> { ["client"] = "orders", ["service"] = "orders", ["endpoint"] = endpoint });

    private static async Task AssertRefusedAsync(HttpStatusCode status, TestApp app, string? token, HttpContent body, HttpClient? browser = null)
    {
        Assert.Equal(status, await PostAsync(app, "drain", token, body, browser));
        Assert.All(app.Cluster.Endpoints, static endpoint => Assert.NotEqual(EndpointHealth.Draining, endpoint.Health));
    }

    private static async Task<HttpStatusCode> PostAsync(TestApp app, string action, string? token, HttpContent body, HttpClient? browser = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{TestApp.Path}/{action}") { Content = body };
        if (token is not null)
        {
            request.Headers.Add("RequestVerificationToken", token);
        }

        using var response = await (browser ?? app.Browser).SendAsync(request);
        return response.StatusCode;
    }
}
