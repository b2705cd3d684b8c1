using ClientSideLb;

namespace Quickstart;

/// <summary>Takes one backend offline for maintenance, and brings it back, while requests go on.</summary>
internal sealed class Outage(ICluster cluster, Backend backend)
{
    private Task _stopped = Task.CompletedTask;

    /// <summary>Begins the outage. From now on no request goes to the backend; it stops as soon as those under way have finished.</summary>
    internal void Begin(Action<string> announce, CancellationToken cancellationToken)
    {
        ExpectKnown(cluster.TryDrain(backend.Address));
        announce($"backend {backend.Number} drains");
        _stopped = StopWhenIdleAsync(announce, cancellationToken);
    }

    /// <summary>Ends the outage: the backend is up again, at the same address, and gets requests.</summary>
    internal async Task EndAsync(Action<string> announce)
    {
        await _stopped;
        backend.Start();
        ExpectKnown(cluster.TryResume(backend.Address));
        announce($"backend {backend.Number} is back");
    }

    // The answer is "no" only for an address that the cluster does not have.
    private void ExpectKnown(bool known)
    {
        if (!known)
        {
            throw new InvalidOperationException($"The cluster '{cluster.ServiceName}' has no endpoint {backend.Address}.");
        }
    }

    private async Task StopWhenIdleAsync(Action<string> announce, CancellationToken cancellationToken)
    {
        var endpoint = cluster.Endpoints.Single(endpoint => endpoint.Address == backend.Address);
        while (endpoint.InFlight > 0)
        {
            await Task.Delay(5, cancellationToken);
        }

        backend.Stop();
        announce($"backend {backend.Number} is offline");
    }
}
