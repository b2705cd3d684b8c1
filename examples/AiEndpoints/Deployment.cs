using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiEndpoints;

/// <summary>
/// A stand-in for one deployment of a model. It answers chats with words of no meaning, after the time that a model in its region would take, and
/// answers 429 when its quota of this minute is spent.
/// </summary>
internal sealed class Deployment : IAsyncDisposable
{
    private const int Words = 8;

    private static readonly TimeSpan PauseBetweenWords = TimeSpan.FromMilliseconds(10);

    private readonly Quota _quota;
    private readonly TimeProvider _time;
    private WebApplication? _app;
    private int _answered;
    private int _tokens;
    private int _rejected;

    private Deployment(string name, TimeSpan firstToken, Quota quota, TimeProvider time)
    {
        Name = name;
        FirstToken = firstToken;
        Key = $"key-of-{name}";
        _quota = quota;
        _time = time;
    }

    internal string Name { get; }

    /// <summary>Gets the time to the first token of an answer.</summary>
    internal TimeSpan FirstToken { get; }

    /// <summary>Gets the API key, which is another one at each deployment.</summary>
    internal string Key { get; }

    internal Uri Address { get; private set; } = null!;

    /// <summary>Gets what the deployment has done so far.</summary>
    internal DeploymentTally Tally => new(Name, FirstToken, Volatile.Read(ref _answered), Volatile.Read(ref _tokens), Volatile.Read(ref _rejected));

    internal static async Task<Deployment> StartAsync(string name, TimeSpan firstToken, Quota quota, TimeProvider time)
    {
        var deployment = new Deployment(name, firstToken, quota, time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapPost(Chat.Path, deployment.AnswerAsync);
        await app.StartAsync();
        deployment._app = app;
        deployment.Address = new Uri(app.Urls.First());
        return deployment;
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization != $"Bearer {Key}")
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "This deployment has another key.");
            return;
        }

        var chat = Chat.Read(await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted));

        // As services do: what the answer may cost counts when the request arrives, because later it is too late to reject it.
        if (!_quota.TryTake(chat.Cost, out var wait))
        {
            Interlocked.Increment(ref _rejected);
            context.Response.Headers["retry-after-ms"] = Math.Ceiling(wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await RefuseAsync(context, StatusCodes.Status429TooManyRequests, "The tokens of this minute are spent.");
            return;
        }

        Interlocked.Increment(ref _answered);
        Interlocked.Add(ref _tokens, chat.Cost);
        await (chat.IsStreamed ? StreamAsync(context) : AnswerAtOnceAsync(context, chat));
    }

    private async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await Task.Delay(FirstToken, _time, context.RequestAborted);
        for (var i = 0; i < Words; i++)
        {
            await WriteEventAsync(context, CreateAnswer("delta", "word "));
            await Task.Delay(PauseBetweenWords, _time, context.RequestAborted);
        }

        await WriteEventAsync(context, ChatClient.EndOfStream);
    }

    private async Task AnswerAtOnceAsync(HttpContext context, Chat chat)
    {
        await Task.Delay(FirstToken + (PauseBetweenWords * Words), _time, context.RequestAborted);
        var answer = CreateAnswer("message", string.Concat(Enumerable.Repeat("word ", Words)));
        answer["usage"] = new JsonObject { ["prompt_tokens"] = chat.Cost - chat.MaxTokens, ["completion_tokens"] = Words };
        await context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
    }

    private static JsonObject CreateAnswer(string part, string text) =>
        new() { ["choices"] = new JsonArray(new JsonObject { [part] = new JsonObject { ["content"] = text } }) };

    private static async Task WriteEventAsync(HttpContext context, object data)
    {
        await context.Response.WriteAsync($"data: {data as string ?? JsonSerializer.Serialize(data)}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = new JsonObject { ["message"] = message } }, context.RequestAborted);
    }
}
