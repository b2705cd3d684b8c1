using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Tests.Docs;

/// <summary>Signs in to the live page as docs/live-page.md shows it.</summary>
public sealed partial class LivePageTests
{
    [Fact]
    public async Task An_operator_signs_in_and_returns_to_the_page()
    {
        await using var app = await StartAsync();
        using var browser = CreateBrowser(app);

        using var form = await browser.GetAsync(new Uri("/load-balancing", UriKind.Relative));
        Assert.Equal("/sign-in?ReturnUrl=%2Fload-balancing", form.RequestMessage!.RequestUri!.PathAndQuery);
        using var page = await SignInAsync(browser, form, "secret");

        Assert.Equal("/load-balancing", page.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Contains("<title>Load balancing</title>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var data = await browser.GetAsync(new Uri("/load-balancing/clusters", UriKind.Relative));
        Assert.Equal("application/json", data.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_wrong_password_leads_back_to_the_form()
    {
        await using var app = await StartAsync();
        using var browser = CreateBrowser(app);

        using var form = await browser.GetAsync(new Uri("/load-balancing", UriKind.Relative));
        using var again = await SignInAsync(browser, form, "wrong");

        Assert.Equal("/sign-in?ReturnUrl=%2Fload-balancing", again.RequestMessage!.RequestUri!.PathAndQuery);
        using var data = await browser.GetAsync(new Uri("/load-balancing/clusters", UriKind.Relative));
        Assert.Equal("text/html", data.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Another_site_can_neither_send_the_form_nor_be_its_destination()
    {
        await using var app = await StartAsync();
        using var browser = CreateBrowser(app);

        using var form = await browser.GetAsync(new Uri("/sign-in?ReturnUrl=//evil.example", UriKind.Relative));
        using var forged = await browser.PostAsync(
            new Uri("/sign-in", UriKind.Relative), new FormUrlEncodedContent([new("user", "ann"), new("password", "secret")]));
        using var signedIn = await SignInAsync(browser, form, "secret");

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal(app.Urls.Single(), signedIn.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Authority));
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider().DisableAutomaticKeyGeneration();
        builder.Services.AddHttpClient("orders").AddLoadBalancing();
        var app = SnippetsLivePage.MapWithSignIn(builder, static (user, password) => (user, password) == ("ann", "secret"));
        await app.StartAsync();
        return app;
    }

    private static HttpClient CreateBrowser(WebApplication app) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.Single()) };

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, HttpResponseMessage form, string password)
    {
        var token = HiddenField().Match(await form.Content.ReadAsStringAsync());
        using var body = new FormUrlEncodedContent(
            [new(token.Groups["name"].Value, token.Groups["value"].Value), new("user", "ann"), new("password", password)]);
        return await browser.PostAsync(form.RequestMessage!.RequestUri, body);
    }

    [GeneratedRegex("""type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]+)">""")]
    private static partial Regex HiddenField();
}
