using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/live-page.md.</summary>
internal static class SnippetsLivePage
{
    internal static void Map(WebApplication app)
    {
        app.MapLoadBalancing("/load-balancing").RequireAuthorization();
    }

    internal static void MapWithChanges(WebApplicationBuilder builder)
    {
        builder.Services.AddAntiforgery();

        var app = builder.Build();
        app.MapLoadBalancing("/load-balancing", options => options.AllowChanges = true).RequireAuthorization("Operators");
    }

    internal static void MapToPort(WebApplication app)
    {
        app.MapLoadBalancing("/load-balancing", options => options.LocalPort = 8081);
    }

    internal static WebApplication MapWithSignIn(WebApplicationBuilder builder, Func<string, string, bool> isOperator)
    {
        builder.Services.AddAntiforgery();
        builder.Services.AddAuthentication().AddCookie(options =>
        {
            options.LoginPath = "/sign-in";
            options.AccessDeniedPath = "/sign-in";
            options.ExpireTimeSpan = TimeSpan.FromHours(8);
            options.SlidingExpiration = false;
        });
        builder.Services.AddAuthorizationBuilder().AddPolicy("Operators", policy => policy
            .AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme)
            .RequireRole("operator"));

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();

        app.MapGet("/sign-in", (HttpContext context, IAntiforgery antiforgery) =>
        {
            var token = antiforgery.GetAndStoreTokens(context);
            return Results.Content(
                $"""
                <!doctype html>
                <title>Sign in</title>
                <form method="post">
                  <input type="hidden" name="{token.FormFieldName}" value="{token.RequestToken}">
                  <label>User <input name="user" autocomplete="username" required></label>
                  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
                  <button>Sign in</button>
                </form>
                """,
                "text/html; charset=utf-8");
        });
        app.MapPost("/sign-in", (HttpRequest request, [FromForm] string user, [FromForm] string password) =>
        {
            if (!isOperator(user, password))
            {
                return Results.LocalRedirect($"/sign-in{request.QueryString}");
            }

            // The cookie scheme then returns to the page that the browser came from.
            Claim[] claims = [new(ClaimTypes.Name, user), new(ClaimTypes.Role, "operator")];
            var scheme = CookieAuthenticationDefaults.AuthenticationScheme;
            return Results.SignIn(new ClaimsPrincipal(new ClaimsIdentity(claims, scheme)), authenticationScheme: scheme);
        });
        app.MapLoadBalancing("/load-balancing").RequireAuthorization("Operators");
        return app;
    }

    internal static void HealthChecks(WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddLoadBalancing();
    }

    internal static void ClientIp(WebApplicationBuilder builder)
    {
        builder.Services.AddLoadBalancingClientIp();
    }
}
