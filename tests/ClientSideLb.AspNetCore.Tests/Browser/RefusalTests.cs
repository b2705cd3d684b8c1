using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using static Microsoft.Playwright.Assertions;

namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>The page says so if the application refuses its files or its data.</summary>
public sealed partial class RefusalTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(StatusCodes.Status401Unauthorized, "Access refused (401)")]
    [InlineData(StatusCodes.Status403Forbidden, "Access refused (403)")]
    [InlineData(StatusCodes.Status302Found, "Access refused (redirected to another page)")]
    [InlineData(StatusCodes.Status302Found, "Access refused (redirected to another page)", "http://sign-in.example/")]
    public async Task A_page_whose_data_is_refused_says_so_until_it_is_reloaded(int status, string text, string location = "/sign-in")
    {
        // The data is refused to the first page. It would recover by itself if the data were there before it is reloaded.
        var loads = 0;
        await using var page = await LivePage.LoadAsync(chromium, map: app => Map(app, context =>
        {
            if (context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
            {
                loads++;
            }

            return loads < 2 && Data().IsMatch(context.Request.Path.Value!) ? Refuse(context, status, location) : null;
        }));

        await Expect(page.Connection).ToHaveTextAsync(text);

        await page.GetButton("Reload page").ClickAsync();
        await page.ExpectConnectionAsync("Live");
        await Expect(page.GetButton("Reload page")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData(StatusCodes.Status401Unauthorized)]
    [InlineData(StatusCodes.Status302Found)]
    public async Task A_live_page_says_so_if_its_data_is_refused_later_and_recovers_by_itself(int status)
    {
        var refused = false;
        await using var page = await LivePage.OpenAsync(chromium, map: app => Map(app, context =>
            refused && Data().IsMatch(context.Request.Path.Value!) ? Refuse(context, status, "/sign-in") : null));

        refused = true;
        await page.ExpectConnectionAsync("Access refused");
        await Expect(page.Page.Locator("body.stale")).ToHaveCountAsync(1);

        refused = false;
        await page.ExpectConnectionAsync("Live");
        await Expect(page.Page.Locator("body.stale")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("page.js", StatusCodes.Status401Unauthorized)]
    [InlineData("page.js", StatusCodes.Status302Found)]
    [InlineData("page.", StatusCodes.Status403Forbidden)]
    public async Task A_page_whose_script_is_refused_says_so(string file, int status)
    {
        await using var page = await LivePage.LoadAsync(chromium, map: app => Map(app, context =>
            context.Request.Path.Value!.Contains(file, StringComparison.Ordinal) ? Refuse(context, status, "/sign-in") : null));

        await Expect(page.Page.GetByText("The script of this page has not loaded")).ToBeVisibleAsync();
        await Expect(page.Page.GetByText("Connecting…")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_page_whose_script_has_loaded_does_not_report_it_as_missing()
    {
        await using var page = await LivePage.OpenAsync(chromium);

        await Expect(page.Page.GetByText("The script of this page has not loaded")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_page_whose_data_never_arrives_does_not_wait_for_ever()
    {
        await using var page = await LivePage.LoadAsync(chromium, map: app => Map(app, static context =>
            context.Request.Path.Value!.EndsWith("/clusters", StringComparison.Ordinal) ? Task.Delay(Timeout.Infinite, context.RequestAborted) : null));

        await page.ExpectConnectionAsync("Live");
    }

    private static void Map(WebApplication app, Func<HttpContext, Task?> answer)
    {
        app.Use(next => context => answer(context) ?? next(context));
        app.UseRouting();
        app.MapGet("/sign-in", static () => Results.Content("<!doctype html><title>Sign in</title>", "text/html"));
        app.MapLoadBalancing(TestApp.Path, static options => options.AllowChanges = true);
    }

    private static Task Refuse(HttpContext context, int status, string location)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status302Found)
        {
            context.Response.Headers.Location = location;
        }

        return Task.CompletedTask;
    }

    [GeneratedRegex("/(clusters|events)$")]
    private static partial Regex Data();
}
