using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.AspNetCore.Tests.Page;

/// <summary>The events end when the viewer's authorization does.</summary>
public sealed class AuthorizationTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private string? _lastEvent;

    [Fact]
    public async Task The_events_end_within_seconds_after_the_policy_has_begun_to_refuse_the_viewer()
    {
        var isAllowed = true;
        await using var app = await StartAsync(policy => policy.RequireAssertion(_ => isAllowed));
        using var events = await OpenAsync(app);
        Assert.NotNull(await ReadAsync(events));

        isAllowed = false;

        Assert.InRange(await CountRestAsync(events), 1, 5);
        Assert.Equal(HttpStatusCode.Redirect, await GetEventsStatusAsync(app));
    }

    [Fact]
    public async Task The_events_end_within_seconds_after_the_viewer_has_signed_out()
    {
        await using var app = await StartAsync(static policy => policy.RequireAuthenticatedUser());
        using var signedIn = await app.Browser.GetAsync("/sign-in?seconds=3600");
        using var events = await OpenAsync(app);
        Assert.NotNull(await ReadAsync(events));

        using var signedOut = await app.Browser.GetAsync("/sign-out");

        Assert.InRange(await CountRestAsync(events), 1, 5);
        Assert.Equal(HttpStatusCode.Redirect, await GetEventsStatusAsync(app));
    }

    [Fact]
    public async Task No_event_is_sent_after_the_ticket_of_the_viewer_has_expired()
    {
        await using var app = await StartAsync(static policy => policy.RequireAuthenticatedUser());
        using var signedIn = await app.Browser.GetAsync("/sign-in?seconds=2");
        using var events = await OpenAsync(app);
        Assert.NotNull(await ReadAsync(events));

        Assert.Equal(1, await CountRestAsync(events));
        Assert.Equal(HttpStatusCode.Redirect, await GetEventsStatusAsync(app));
    }

    [Fact]
    public async Task The_last_event_asks_the_browser_to_open_the_events_again()
    {
        await using var app = await StartAsync(static policy => policy.RequireAssertion(static _ => true));
        using var events = await OpenAsync(app);
        Assert.NotNull(await ReadAsync(events));

        await CountRestAsync(events);

        Assert.Equal("event: reconnect", _lastEvent);
        Assert.Equal(HttpStatusCode.OK, await GetEventsStatusAsync(app));
    }

    private Task<TestApp> StartAsync(Action<AuthorizationPolicyBuilder> policy) => TestApp.StartAsync(
        services: services =>
        {
            services.AddSingleton<TimeProvider>(_time);
            services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
                .AddCookie(static options => options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest);
            services.AddAuthorization();
        },
        map: app =>
        {
            app.MapGet("/sign-in", async (HttpContext context, int seconds) => await context.SignInAsync(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "viewer")], "test")),
                new AuthenticationProperties { ExpiresUtc = _time.GetUtcNow().AddSeconds(seconds), AllowRefresh = false }));
            app.MapGet("/sign-out", static (HttpContext context) => context.SignOutAsync());
            app.MapLoadBalancing(TestApp.Path).RequireAuthorization(policy);
        });

    private static async Task<StreamReader> OpenAsync(TestApp app) => new(await app.Browser.GetStreamAsync($"{TestApp.Path}/events"));

    private async Task<string?> ReadAsync(StreamReader events)
    {
        while (await events.ReadLineAsync().WaitAsync(Eventually.Deadline) is { } line)
        {
            _lastEvent = line.StartsWith("event: ", StringComparison.Ordinal) ? line : _lastEvent;
            if (line.StartsWith("event: clusters", StringComparison.Ordinal))
            {
                return line;
            }
        }

        return null;
    }

    // A second passes before each event.
    private async Task<int> CountRestAsync(StreamReader events)
    {
        for (var count = 0; count < 60; count++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            if (await ReadAsync(events) is null)
            {
                return count;
            }
        }

        return int.MaxValue;
    }

    private static async Task<HttpStatusCode> GetEventsStatusAsync(TestApp app)
    {
        // Without redirects, but with the cookies of the browser.
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = app.Cookies, UseProxy = false });
        using var response = await http.GetAsync(new Uri(app.Address, $"{TestApp.Path}/events"), HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }
}
