using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Kubernetes.Tests.Server;

/// <summary>
/// An API server with the part of the protocol that discovery and kubectl use: lists by pages, watches from a version, bookmarks, 410 Gone, access
/// control and tokens. It can be stopped, started again at the same port, and made to fail.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<HttpContext, ApiRequest> _watches = new();
    private TaskCompletionSource _bookmark = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;

    internal ApiStore Store { get; } = new();

    internal Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Gets the requests for objects so far.</summary>
    internal ConcurrentQueue<ApiRequest> Requests { get; } = new();

    /// <summary>Gets the watches that are open now.</summary>
    internal IEnumerable<ApiRequest> Watches => _watches.Values;

    /// <summary>Gets or sets the only token that is accepted, or <see langword="null"/> for any and none.</summary>
    internal string? Token { get; set; }

    /// <summary>Gets the certificate, or <see langword="null"/> for plain HTTP.</summary>
    internal X509Certificate2? Certificate { get; private init; }

    /// <summary>Gets the protocols of the requests for objects so far.</summary>
    internal ConcurrentQueue<string> Protocols { get; } = new();

    /// <summary>Gets or sets whether a request is allowed.</summary>
    internal Func<ApiRequest, bool> Allows { get; set; } = static _ => true;

    /// <summary>Gets or sets what answers a request in place of the server, if it returns <see langword="true"/>.</summary>
    internal Func<HttpContext, ApiRequest, Task<bool>> Fault { get; set; } = static (_, _) => Task.FromResult(false);

    /// <summary>Gets or sets the most objects on one page of a list.</summary>
    internal int LargestPage { get; set; } = int.MaxValue;

    internal static async Task<ApiServer> StartNewAsync(X509Certificate2? certificate = null)
    {
        var server = new ApiServer { Certificate = certificate };
        await server.StartAsync();
        return server;
    }

    internal int Count(string verb) => Requests.Count(request => request.Verb == verb && request.Resource == "endpointslices");

    /// <summary>Sends a bookmark to each watch.</summary>
    internal void SendBookmarks() =>
        Interlocked.Exchange(ref _bookmark, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Cuts the connection of each watch.</summary>
    internal void CutWatches()
    {
        foreach (var context in _watches.Keys)
        {
            context.Abort();
        }
    }

    internal async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Address.Port, listen =>
        {
            if (Certificate is not null)
            {
                listen.UseHttps(Certificate);
            }
        }));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    internal async Task StopAsync()
    {
        if (_app is not null)
        {
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
            _app = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task WriteAsync(HttpContext context, JsonObject document, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(document.ToJsonString(), context.RequestAborted);
    }

    private static JsonObject CreateStatus(int code, string reason, string message) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["code"] = code,
    };

    private async Task AnswerAsync(HttpContext context)
    {
        if (ApiCatalog.Describe(context.Request.Path.Value ?? "") is { } document)
        {
            await WriteAsync(context, document);
            return;
        }

        if (ApiRequest.Read(context.Request) is not { } request)
        {
            await WriteAsync(context, CreateStatus(404, "NotFound", "the server could not find the requested resource"), 404);
            return;
        }

        Requests.Enqueue(request);
        Protocols.Enqueue(context.Request.Protocol);
        if (await Fault(context, request))
        {
            return;
        }

        if (Token is not null && request.Token != Token)
        {
            await WriteAsync(context, CreateStatus(401, "Unauthorized", "Unauthorized"), 401);
        }
        else if (!Allows(request))
        {
            var message = $"{request.Resource}{(request.Group.Length > 0 ? "." : "")}{request.Group} is forbidden: User \"system:serviceaccount:shop:web\" cannot {request.Verb} resource \"{request.Resource}\" in API group \"{request.Group}\" in the namespace \"{request.Space}\"";
            await WriteAsync(context, CreateStatus(403, "Forbidden", message), 403);
        }
        else
        {
            await (request.Verb switch { "get" => GetAsync(context, request), "list" => ListAsync(context, request), _ => WatchAsync(context, request) });
        }
    }

    private async Task GetAsync(HttpContext context, ApiRequest request)
    {
        if (Store.List(request.Resource, request.Matches).Objects is [var found])
        {
            await WriteAsync(context, found);
            return;
        }

        await WriteAsync(context, CreateStatus(404, "NotFound", $"{request.Resource} \"{request.Name}\" not found"), 404);
    }

    private async Task ListAsync(HttpContext context, ApiRequest request)
    {
        var (objects, version) = Store.List(request.Resource, request.Matches);
        var start = int.Parse(request.Query["continue"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        var limit = int.Parse(request.Query["limit"].FirstOrDefault() ?? "1000000", CultureInfo.InvariantCulture);
        var page = objects.Skip(start).Take(Math.Min(limit, LargestPage)).ToList();
        var metadata = new JsonObject { ["resourceVersion"] = $"{version}" };
        if (start + page.Count < objects.Count)
        {
            metadata["continue"] = $"{start + page.Count}";
        }

        var (apiVersion, kind) = ApiCatalog.GetKind(request.Resource);
        await WriteAsync(context, new JsonObject
        {
            ["kind"] = $"{kind}List",
            ["apiVersion"] = apiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page.Select(static one => one.DeepClone())]),
        });
    }

    private async Task WatchAsync(HttpContext context, ApiRequest request)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var last = long.Parse(request.Version ?? "0", CultureInfo.InvariantCulture);
        if (Store.IsCompacted(last))
        {
            await WriteEventAsync(context, "ERROR", CreateStatus(410, "Expired", $"too old resource version: {last}"));
            return;
        }

        // The host waits for the requests that are under way when it stops.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _app!.Lifetime.ApplicationStopping);
        _watches[context] = request;
        try
        {
            while (!end.IsCancellationRequested)
            {
                var bookmark = Volatile.Read(ref _bookmark).Task;
                var (events, more) = Store.GetEvents(request.Resource, last);
                foreach (var one in events)
                {
                    last = one.Version;
                    if (request.Matches(one.Object))
                    {
                        await WriteEventAsync(context, one.Type, one.Object);
                    }
                }

                if (await Task.WhenAny(bookmark, more).WaitAsync(end.Token) == bookmark)
                {
                    var (apiVersion, kind) = ApiCatalog.GetKind(request.Resource);
                    last = Store.Version;
                    await WriteEventAsync(context, "BOOKMARK", new JsonObject
                    {
                        ["kind"] = kind,
                        ["apiVersion"] = apiVersion,
                        ["metadata"] = new JsonObject { ["resourceVersion"] = $"{last}" },
                    });
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client is gone, or the server stops.
        }
        finally
        {
            _watches.TryRemove(context, out _);
        }
    }

    private static async Task WriteEventAsync(HttpContext context, string type, JsonObject given)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = given.DeepClone() };
        await context.Response.WriteAsync(line.ToJsonString() + "\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
