using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace ClientSideLb.AspNetCore.Tests.Page;

public sealed class ChangesTests
{
    [Fact]
    public async Task A_backend_is_drained_and_resumed()
    {
        await using var app = await TestApp.StartAsync();
        var token = await TokenAsync(app);

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(app, "drain", app.Backends[0].Name, token));
        Assert.Equal(EndpointHealth.Draining, app.EndpointOf(app.Backends[0]).Health);
        await app.SendAsync(10);
        Assert.Equal(0, app.Backends[0].Requests);

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(app, "resume", app.Backends[0].Name, token));
        Assert.NotEqual(EndpointHealth.Draining, app.EndpointOf(app.Backends[0]).Health);
        await app.SendAsync(10);
        Assert.Equal(5, app.Backends[0].Requests);
    }

    [Fact]
    public async Task By_default_nothing_can_be_changed()
    {
        await using var app = await TestApp.StartAsync(map: static app => app.MapLoadBalancing(TestApp.Path));

        Assert.Equal(JsonValueKind.Null, (await app.StatusAsync()).GetProperty("changes").ValueKind);
        using var response = await app.Browser.PostAsJsonAsync($"{TestApp.Path}/drain", Change(app.Backends[0].Name));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.NotEqual(EndpointHealth.Draining, app.EndpointOf(app.Backends[0]).Health);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("forged")]
    public async Task Without_the_right_token_nothing_is_changed(string? token)
    {
        await using var app = await TestApp.StartAsync();
        await TokenAsync(app);

        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(app, "drain", app.Backends[0].Name, token));
        Assert.NotEqual(EndpointHealth.Draining, app.EndpointOf(app.Backends[0]).Health);
    }

    [Fact]
    public async Task The_token_alone_without_its_cookie_is_not_enough()
    {
        await using var app = await TestApp.StartAsync();
        var token = await TokenAsync(app);
        using var other = new HttpClient { BaseAddress = app.Address };
        using var request = Request("drain", app.Backends[0].Name, token);

        using var response = await other.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEqual(EndpointHealth.Draining, app.EndpointOf(app.Backends[0]).Health);
    }

    [Fact]
    public async Task What_a_form_of_another_site_can_send_is_not_taken()
    {
        await using var app = await TestApp.StartAsync();
        var token = await TokenAsync(app);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{TestApp.Path}/drain")
        {
            Content = new StringContent(JsonSerializer.Serialize(Change(app.Backends[0].Name)), mediaType: new("text/plain")),
        };
        request.Headers.Add("RequestVerificationToken", token);

        using var response = await app.Browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.NotEqual(EndpointHealth.Draining, app.EndpointOf(app.Backends[0]).Health);
    }

    [Fact]
    public async Task A_GET_changes_nothing()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.Browser.GetAsync($"{TestApp.Path}/drain");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", HttpStatusCode.NotFound)]
    [InlineData("not an address", HttpStatusCode.BadRequest)]
    [InlineData(null, HttpStatusCode.BadRequest)]
    public async Task An_endpoint_that_is_not_there_is_said_to_be_so(string? endpoint, HttpStatusCode status)
    {
        await using var app = await TestApp.StartAsync();

        Assert.Equal(status, await PostAsync(app, "drain", endpoint, await TokenAsync(app)));
    }

    [Fact]
    public async Task What_is_no_JSON_is_refused()
    {
        await using var app = await TestApp.StartAsync();
        using var request = Request("drain", app.Backends[0].Name, await TokenAsync(app));
        request.Content = new StringContent("{", mediaType: new("application/json"));

        using var response = await app.Browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static async Task<string> TokenAsync(TestApp app)
    {
        var changes = (await app.StatusAsync()).GetProperty("changes");
        Assert.Equal("RequestVerificationToken", changes.GetProperty("header").GetString());
        return changes.GetProperty("value").GetString()!;
    }

    private static async Task<HttpStatusCode> PostAsync(TestApp app, string action, string? endpoint, string? token)
    {
        using var request = Request(action, endpoint, token);
        using var response = await app.Browser.SendAsync(request);
        return response.StatusCode;
    }

    private static HttpRequestMessage Request(string action, string? endpoint, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{TestApp.Path}/{action}") { Content = JsonContent.Create(Change(endpoint)) };
        if (token is not null)
        {
            request.Headers.Add("RequestVerificationToken", token);
        }

        return request;
    }

    private static Dictionary<string, string?> Change(string? endpoint) =>
        new() { ["client"] = "orders", ["service"] = "orders", ["endpoint"] = endpoint };
}
