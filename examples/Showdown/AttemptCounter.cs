namespace Showdown;

/// <summary>
/// Counts attempts. The handler is added after the balancer, so the balancer calls it once for each endpoint that it sends a request to. Every
/// attempt beyond a request's first means that the request has moved.
/// </summary>
internal sealed class AttemptCounter
{
    private static readonly HttpRequestOptionsKey<int> AttemptsOfRequest = new("Showdown.Attempts");

    private int _attempts;

    internal int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Gets a value indicating whether a request was sent to more than one endpoint.</summary>
    internal static bool HasMoved(HttpRequestMessage request) => GetAttempts(request) > 1;

    /// <summary>Creates a handler. The client factory needs a new one each time it replaces a pipeline; all of them share the count.</summary>
    internal DelegatingHandler CreateHandler() => new Handler(this);

    private static int GetAttempts(HttpRequestMessage request) => request.Options.TryGetValue(AttemptsOfRequest, out var attempts) ? attempts : 0;

    private sealed class Handler(AttemptCounter counter) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref counter._attempts);
            request.Options.Set(AttemptsOfRequest, GetAttempts(request) + 1);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
