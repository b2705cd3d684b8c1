using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Tests;

/// <summary>A source of endpoints whose answers a test sets.</summary>
internal sealed class ScriptedSource : IEndpointSource, IDisposable
{
    private volatile Func<ResolvedEndpoints> _answer;
    private CancellationTokenSource _changed = new();
    private int _asked;

    internal ScriptedSource() => _answer = () => Found([]);

    internal int Asked => Volatile.Read(ref _asked);

    /// <summary>Gets or sets a task that must end before an answer is given.</summary>
    internal Task Ready { get; set; } = Task.CompletedTask;

    public async ValueTask<ResolvedEndpoints> GetEndpointsAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        await Ready.WaitAsync(cancellationToken);
        return _answer();
    }

    public void Dispose() => _changed.Dispose();

    internal void Find(params string[] addresses) => _answer = () => Found(addresses);

    /// <summary>Calls <paramref name="read"/> while the feed takes over the endpoints of the next answers.</summary>
    internal void Find(Action read, params string[] addresses) =>
        _answer = () =>
        {
            var found = Found(addresses);
            return found with { Endpoints = new WatchedList<EndpointDescription>(found.Endpoints, read) };
        };

    internal void Fail(Exception fault) => _answer = () => throw fault;

    internal void PassThrough() => _answer = () => Found([]) with { IsPassThrough = true };

    /// <summary>Says that something has changed since the latest answer.</summary>
    internal void Change() => Interlocked.Exchange(ref _changed, new CancellationTokenSource()).Cancel();

    private ResolvedEndpoints Found(string[] addresses) => new(
        [.. addresses.Select(static address => Backends.Described(address))], IsPassThrough: false, new CancellationChangeToken(_changed.Token));
}
