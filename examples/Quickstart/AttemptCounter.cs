namespace Quickstart;

/// <summary>
/// Counts attempts. Its handler is added after the balancer, which calls it once for each endpoint that a request is sent to:
/// what there is above one for each request has moved.
/// </summary>
internal sealed class AttemptCounter
{
    private static readonly HttpRequestOptionsKey<int> AttemptsOfRequest = new("Quickstart.Attempts");

    private int _attempts;

    internal int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Gets a value indicating whether a request was sent to more than one endpoint.</summary>
    internal static bool HasMoved(HttpRequestMessage request) => Of(request) > 1;

    /// <summary>Makes a handler. The factory asks for a new one whenever it replaces a pipeline; the count goes on.</summary>
    internal DelegatingHandler NewHandler() => new Handler(this);

    private static int Of(HttpRequestMessage request) => request.Options.TryGetValue(AttemptsOfRequest, out var attempts) ? attempts : 0;

    private sealed class Handler(AttemptCounter counter) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref counter._attempts);
            request.Options.Set(AttemptsOfRequest, Of(request) + 1);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
