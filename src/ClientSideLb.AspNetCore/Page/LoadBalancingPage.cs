using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClientSideLb;

/// <summary>Answers the requests of the live page.</summary>
internal sealed class LoadBalancingPage
{
    private static readonly PageFile Html = PageFile.Load("page.html", "text/html; charset=utf-8");
    private static readonly PageFile Css = PageFile.Load("page.css", "text/css; charset=utf-8");
    private static readonly PageFile Script = PageFile.Load("page.js", "text/javascript; charset=utf-8");

    private readonly IClusterRegistry _registry;
    private readonly StatusReader _reader;
    private readonly StatusFeed _feed;
    private readonly IAntiforgery? _antiforgery;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;

    /// <param name="registry">The clusters.</param>
    /// <param name="reader">What tells how they are.</param>
    /// <param name="antiforgery">What protects changes, or <see langword="null"/> where none are allowed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Cancelled when the application stops.</param>
    internal LoadBalancingPage(IClusterRegistry registry, StatusReader reader, IAntiforgery? antiforgery, TimeProvider time, CancellationToken stopping)
    {
        _registry = registry;
        _reader = reader;
        _feed = new StatusFeed(reader, time);
        _antiforgery = antiforgery;
        _time = time;
        _stopping = stopping;
    }

    internal static Task ServeCssAsync(HttpContext context) => Css.ServeAsync(Guarded(context));

    internal static Task ServeScriptAsync(HttpContext context) => Script.ServeAsync(Guarded(context));

    // The page's own address ends with or without a slash, behind whatever path base; what it asks for is relative to this.
    internal static Task ServeHtmlAsync(HttpContext context)
    {
        var path = $"{context.Request.PathBase}{context.Request.Path}".TrimEnd('/') + "/";
        return Html.With("{{base}}", HtmlEncoder.Default.Encode(path)).ServeAsync(Guarded(context));
    }

    internal Task ServeStatusAsync(HttpContext context)
    {
        Guarded(context);

        // Antiforgery asks for both, and warns where it has to overrule what was set.
        context.Response.Headers.CacheControl = "no-cache, no-store";
        var status = _reader.Read();
        if (_antiforgery?.GetAndStoreTokens(context) is { HeaderName: { } header, RequestToken: { } token })
        {
            status = status with { Changes = new ChangeToken(header, token) };
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, status, StatusJson.Default.LoadBalancingStatus, context.RequestAborted);
    }

    /// <summary>Sends the status every second, as server-sent events, until the viewer goes or the application stops.</summary>
    internal async Task ServeEventsAsync(HttpContext context)
    {
        Guarded(context);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping);
        using var timer = new PeriodicTimer(StatusFeed.Interval, _time);
        var body = context.Response.BodyWriter;
        try
        {
            await body.WriteAsync("retry: 2000\n"u8.ToArray(), ended.Token).ConfigureAwait(false);
            do
            {
                await body.WriteAsync("event: clusters\ndata: "u8.ToArray(), ended.Token).ConfigureAwait(false);
                await body.WriteAsync(_feed.Current(), ended.Token).ConfigureAwait(false);
                await body.WriteAsync("\n\n"u8.ToArray(), ended.Token).ConfigureAwait(false);
                await body.FlushAsync(ended.Token).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(ended.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // That is how it always ends.
        }
    }

    internal Task DrainAsync(HttpContext context) => ChangeAsync(context, static (cluster, address) => cluster.TryDrain(address));

    internal Task ResumeAsync(HttpContext context) => ChangeAsync(context, static (cluster, address) => cluster.TryResume(address));

    private async Task ChangeAsync(HttpContext context, Func<ICluster, Uri, bool> change)
    {
        Guarded(context);
        context.Response.StatusCode = await TryChangeAsync(context, change).ConfigureAwait(false);
    }

    private async Task<int> TryChangeAsync(HttpContext context, Func<ICluster, Uri, bool> change)
    {
        // A form of another site can send a cookie along, but neither JSON nor the header of the token.
        if (!context.Request.HasJsonContentType())
        {
            return StatusCodes.Status415UnsupportedMediaType;
        }

        if (!await _antiforgery!.IsRequestValidAsync(context).ConfigureAwait(false))
        {
            return StatusCodes.Status400BadRequest;
        }

        Change? asked;
        try
        {
            asked = await context.Request.ReadFromJsonAsync(StatusJson.Default.Change, context.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return StatusCodes.Status400BadRequest;
        }

        if (!Uri.TryCreate(asked?.Endpoint, UriKind.Absolute, out var address))
        {
            return StatusCodes.Status400BadRequest;
        }

        // Clusters that differ in scheme or port alone are one to whoever does maintenance on a backend.
        var found = false;
        foreach (var cluster in _registry.Clusters)
        {
            if (cluster.ClientName == asked!.Client && cluster.ServiceName == asked.Service)
            {
                found |= change(cluster, address);
            }
        }

        return found ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
    }

    private static HttpContext Guarded(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return context;
    }
}
