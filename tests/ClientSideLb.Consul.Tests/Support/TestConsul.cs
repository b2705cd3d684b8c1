using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Consul.Tests.Support;

/// <summary>
/// A Consul of the test's own, over real sockets. It keeps the rules of Consul's blocking queries: a query with an index is held until the index
/// is newer or its wait is over, also if its index is higher than the server's own.
/// </summary>
internal sealed class TestConsul : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Registration[]> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<ReceivedQuery> _queries = new();
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _app;
    private TaskCompletionSource _changed = NewSignal();
    private ulong _index = 10;
    private int _held;

    internal Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Gets the queries in the order of their arrival.</summary>
    internal ReceivedQuery[] Queries => [.. _queries];

    /// <summary>Gets how many queries are held now.</summary>
    internal int Held => Volatile.Read(ref _held);

    /// <summary>Gets or sets the clock of the waits.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets what is done in place of an answer, if it is not <see langword="null"/>.</summary>
    internal Func<HttpContext, Task>? Fault { get; set; }

    /// <summary>Gets or sets the header of the index, in place of the right one.</summary>
    internal Func<ulong, string?> ShowIndex { get; set; } = static index => index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Gets or sets a value indicating whether the server says that the token may not read everything.</summary>
    internal bool IsFiltered { get; set; }

    internal static async Task<TestConsul> StartNewAsync()
    {
        var consul = new TestConsul();
        await consul.StartAsync();
        return consul;
    }

    internal async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Address.Port));
        _app = builder.Build();
        _app.MapGet("/v1/health/service/{name}", AnswerAsync);
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

    /// <summary>Sets the instances of a service.</summary>
    internal void Set(string service, params Registration[] instances) => Change(() => _services[service] = instances);

    /// <summary>Raises the index without a change.</summary>
    internal void Touch() => Change(static () => { });

    /// <summary>Sets the index back, as the restoration of a snapshot does, and ends the wait of all queries.</summary>
    internal void Rewind(ulong index)
    {
        lock (_lock)
        {
            _index = index;
        }

        EndWaits();
    }

    private void EndWaits() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();

    /// <summary>Waits until a query is held that came after all before this call.</summary>
    internal Task HoldsAsync(int queries) =>
        Eventually.TrueAsync(() => _queries.Count >= queries && Held == 1, $"Consul holds the query number {queries}; so far: {string.Join(", ", _queries)}");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await StopAsync();
        _stopping.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _index++;
        }

        EndWaits();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        _queries.Enqueue(new ReceivedQuery($"{request.Path}{request.QueryString}", request.Headers["X-Consul-Token"].FirstOrDefault()));
        if (Fault is { } fault)
        {
            await fault(context);
            return;
        }

        if (ulong.TryParse(request.Query["index"], CultureInfo.InvariantCulture, out var index) && index > 0)
        {
            await HoldAsync(index, ParseWait(request.Query["wait"]), context.RequestAborted);
        }

        string body;
        lock (_lock)
        {
            body = Write((string)request.RouteValues["name"]!, request.Query).ToJsonString();
            if (ShowIndex(_index) is { } shown)
            {
                context.Response.Headers["X-Consul-Index"] = shown;
            }
        }

        if (IsFiltered)
        {
            context.Response.Headers["X-Consul-Results-Filtered-By-ACLs"] = "true";
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    private JsonArray Write(string service, IQueryCollection query)
    {
        var instances = _services.GetValueOrDefault(service, []).Where(one =>
            (!query.ContainsKey("passing") || one.IsPassing) && query["tag"].All(tag => one.Tags.Contains(tag)));
        return [.. instances.Select(one => one.ToJson(service))];
    }

    private async Task HoldAsync(ulong index, TimeSpan wait, CancellationToken aborted)
    {
        Task changed;
        lock (_lock)
        {
            if (_index > index)
            {
                return;
            }

            changed = Volatile.Read(ref _changed).Task;
        }

        Interlocked.Increment(ref _held);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, _stopping.Token);
            await Task.WhenAny(changed, Task.Delay(wait + (wait / 16), Time, either.Token));
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }

    private static TimeSpan ParseWait(string? wait) =>
        TimeSpan.FromMilliseconds(double.Parse(wait!.Replace("ms", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
}
