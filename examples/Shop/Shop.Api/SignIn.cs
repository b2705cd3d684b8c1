using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;

namespace Shop.Api;

/// <summary>A form to sign in as the one operator that the configuration names. A real application has users, and limits the attempts.</summary>
internal static class SignIn
{
    internal const string Path = "/sign-in";
    internal const string Policy = "Operators";
    internal const string Role = "operator";

    internal static void Map(WebApplication app)
    {
        app.MapGet(Path, static (HttpContext context, IAntiforgery antiforgery) =>
        {
            var token = antiforgery.GetAndStoreTokens(context);
            return Results.Content(
                $"""
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>Sign in</title>
                <body style="font-family: system-ui, sans-serif; max-width: 20rem; margin: 15vh auto; padding: 0 1rem">
                <h1>Sign in</h1>
                <p>As <b>operator</b> with the password <b>demo</b>.</p>
                <form method="post" style="display: grid; gap: 1rem">
                  <input type="hidden" name="{token.FormFieldName}" value="{token.RequestToken}">
                  <label>User<br><input name="user" autocomplete="username" required autofocus></label>
                  <label>Password<br><input name="password" type="password" autocomplete="current-password" required></label>
                  <div><button>Sign in</button></div>
                </form>
                """,
                "text/html; charset=utf-8");
        });
        app.MapPost(Path, static (HttpRequest request, IConfiguration configuration, [FromForm] string user, [FromForm] string password) =>
        {
            var known = configuration.GetSection("Operator");
            if (!Matches(user, known["User"]) || !Matches(password, known["Password"]))
            {
                return Results.LocalRedirect($"{Path}{request.QueryString}");
            }

            // The cookie scheme then returns to the page that the browser came from.
            Claim[] claims = [new(ClaimTypes.Name, user), new(ClaimTypes.Role, Role)];
            var scheme = CookieAuthenticationDefaults.AuthenticationScheme;
            return Results.SignIn(new ClaimsPrincipal(new ClaimsIdentity(claims, scheme)), authenticationScheme: scheme);
        });
    }

    // The time of the comparison does not tell how many letters are right.
    private static bool Matches(string given, string? expected) =>
        expected is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
