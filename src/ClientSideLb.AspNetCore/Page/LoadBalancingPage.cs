using System.Text.Encodings.Web;
using System.Text.Json;
using ClientSideLb.AspNetCore.Status;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClientSideLb.AspNetCore.Page;

/// <summary>Handles the requests of the live page.</summary>
internal sealed class LoadBalancingPage
{
    private static readonly PageFile Html = PageFile.Load("page.html", "text/html; charset=utf-8");
    private static readonly PageFile Css = PageFile.Load("page.css", "text/css; charset=utf-8");
    private static readonly PageFile Script = PageFile.Load("page.js", "text/javascript; charset=utf-8");

    private static readonly TimeSpan MaxEventsDuration = TimeSpan.FromSeconds(5);

    private readonly IClusterRegistry _registry;
    private readonly StatusReader _reader;
    private readonly StatusFeed _feed;
    private readonly IAntiforgery? _antiforgery;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;

    /// <param name="registry">The clusters that changes are made to.</param>
    /// <param name="reader">Reads the status of the clusters.</param>
    /// <param name="antiforgery">Protects changes from other sites; <see langword="null"/> if no changes are allowed.</param>
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

    internal static Task ServeCssAsync(HttpContext context)
    {
        SetSecurityHeaders(context);
        return Css.ServeAsync(context);
    }

    internal static Task ServeScriptAsync(HttpContext context)
    {
        SetSecurityHeaders(context);
        return Script.ServeAsync(context);
    }

    internal static Task ServeHtmlAsync(HttpContext context)
    {
        SetSecurityHeaders(context);

        // The page's links are relative to its own address, which may lack the final slash. Only the last segment is needed for that. A
        // path base may come from a header that the client forged: "//evil.example" would be another site.
        var path = $"{context.Request.PathBase}{context.Request.Path}";
        var segment = path[(path.LastIndexOf('/') + 1)..];
        var baseAddress = segment.Length == 0 ? "./" : $"./{segment}/";
        return Html.ReplacePlaceholder("{{base}}", HtmlEncoder.Default.Encode(baseAddress)).ServeAsync(context);
    }

    internal Task ServeStatusAsync(HttpContext context)
    {
        SetSecurityHeaders(context);

        // Exactly this value: antiforgery sets it as well, and logs a warning if it has to replace another one.
        context.Response.Headers.CacheControl = "no-cache, no-store";
        var antiforgery = _antiforgery?.GetAndStoreTokens(context) is { HeaderName: { } name, RequestToken: { } token }
            ? new AntiforgeryHeader(name, token)
            : null;
        var status = PageStatus.Read(_reader, _time, antiforgery);
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, status, PageJson.Default.PageStatus, context.RequestAborted);
    }

    /// <summary>
    /// Sends the status every second, as server-sent events, for a few seconds at most, and then asks the viewer to send a new request.
    /// So the viewer's authorization is checked again and again, by all middleware. The events end earlier if the viewer's ticket expires,
    /// the viewer disconnects or the application stops.
    /// </summary>
    internal async Task ServeEventsAsync(HttpContext context)
    {
        SetSecurityHeaders(context);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";

        var start = _time.GetTimestamp();
        var ticketEnd = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc ?? DateTimeOffset.MaxValue;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping);
        using var timer = new PeriodicTimer(StatusFeed.Interval, _time);
        var body = context.Response.BodyWriter;
        try
        {
            await body.WriteAsync("retry: 2000\n"u8.ToArray(), ended.Token).ConfigureAwait(false);
            do
            {
                await body.WriteAsync("event: clusters\ndata: "u8.ToArray(), ended.Token).ConfigureAwait(false);
                await body.WriteAsync(_feed.GetJson(), ended.Token).ConfigureAwait(false);
                await body.WriteAsync("\n\n"u8.ToArray(), ended.Token).ConfigureAwait(false);
                await body.FlushAsync(ended.Token).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(ended.Token).ConfigureAwait(false)
                && _time.GetElapsedTime(start) < MaxEventsDuration
                && _time.GetUtcNow() < ticketEnd);

            await body.WriteAsync("event: reconnect\ndata: {}\n\n"u8.ToArray(), ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The normal end: the viewer has disconnected, or the application stops.
        }
    }

    internal Task DrainAsync(HttpContext context) => ChangeAsync(context, static (cluster, address) => cluster.TryDrain(address));

    internal Task ResumeAsync(HttpContext context) => ChangeAsync(context, static (cluster, address) => cluster.TryResume(address));

    private async Task ChangeAsync(HttpContext context, Func<ICluster, Uri, bool> change)
    {
        SetSecurityHeaders(context);
        context.Response.StatusCode = await ValidateAndChangeAsync(context, change).ConfigureAwait(false);
    }

    private async Task<int> ValidateAndChangeAsync(HttpContext context, Func<ICluster, Uri, bool> change)
    {
        // A form on another site can make the browser send our cookie, but it can send neither JSON nor the antiforgery header.
        if (!context.Request.HasJsonContentType())
        {
            return StatusCodes.Status415UnsupportedMediaType;
        }

        if (!await _antiforgery!.IsRequestValidAsync(context).ConfigureAwait(false))
        {
            return StatusCodes.Status400BadRequest;
        }

        ChangeRequest? request;
        try
        {
            request = await context.Request.ReadFromJsonAsync(PageJson.Default.ChangeRequest, context.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return StatusCodes.Status400BadRequest;
        }

        if (!Uri.TryCreate(request?.Endpoint, UriKind.Absolute, out var address))
        {
            return StatusCodes.Status400BadRequest;
        }

        return ApplyToClusters(request!, address, change) ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
    }

    // Clusters of one client and service can differ in scheme or port. Maintenance on a backend concerns all of them.
    private bool ApplyToClusters(ChangeRequest request, Uri address, Func<ICluster, Uri, bool> change)
    {
        var found = false;
        foreach (var cluster in _registry.Clusters)
        {
            if (cluster.ClientName == request.Client && cluster.ServiceName == request.Service)
            {
                found |= change(cluster, address);
            }
        }

        return found;
    }

    private static void SetSecurityHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
