namespace ClientSideLb.Discovery;

/// <summary>
/// Finds requests that could never be sent: a provider of service discovery sends a request through a balanced client, and that client waits
/// for the answer of the same provider. Thread-safe.
/// </summary>
internal sealed class DiscoveryRecursion
{
    private readonly AsyncLocal<string?> _queried = new();
    private readonly List<(string Waiting, string Service)> _waits = [];

    /// <summary>Notes that what the caller does from now on is part of the query of a service.</summary>
    internal void BeginQuery(string service) => _queried.Value = service;

    /// <summary>
    /// Notes that a request waits until the endpoints of a service are known, until the result is disposed.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="clientName">The name of the client that sends the request.</param>
    /// <exception cref="InvalidOperationException">
    /// The request is part of a query that must end before the endpoints of the service are known.
    /// </exception>
    internal IDisposable? BeginWait(string service, string clientName)
    {
        if (_queried.Value is not { } queried)
        {
            return null;
        }

        lock (_waits)
        {
            if (IsWaitingFor(service, queried))
            {
                throw new InvalidOperationException(
                    $"The HTTP client '{clientName}' cannot send a request to '{service}': a provider of service discovery sends it to find '{queried}', and service discovery must find '{service}' first. A client that a provider of service discovery uses must not need service discovery itself. Give that client the static endpoints of its registry (LoadBalancingOptions.Endpoints), or call AddLoadBalancing() on the other clients instead of in ConfigureHttpClientDefaults.");
            }

            _waits.Add((queried, service));
        }

        return new Wait(this, (queried, service));
    }

    // Whether the query of one service must wait for that of another, directly or through queries in between. Waits that are in the list have
    // no cycle, so this ends.
    private bool IsWaitingFor(string service, string other) =>
        service == other || _waits.Exists(wait => wait.Waiting == service && IsWaitingFor(wait.Service, other));

    private sealed class Wait(DiscoveryRecursion recursion, (string Waiting, string Service) wait) : IDisposable
    {
        public void Dispose()
        {
            lock (recursion._waits)
            {
                recursion._waits.Remove(wait);
            }
        }
    }
}
