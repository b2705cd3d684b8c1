namespace ClientSideLb;

/// <summary>Takes the lease of one attempt: at an endpoint that the request has not been sent to, as long as there is one.</summary>
internal static class AttemptLease
{
    /// <summary>Takes a lease, adds its endpoint to those tried, and counts a first attempt for the retry budget.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="random">Where the pick gets its numbers.</param>
    /// <param name="keys">What knows the request's hash key and caller.</param>
    /// <param name="request">The request, for <paramref name="keys"/>.</param>
    /// <param name="tried">Where the request has been, or <see langword="null"/> where it has been nowhere.</param>
    /// <param name="httpsOnly">Whether it must not go over plain http.</param>
    /// <param name="replayable">Whether it can be sent again if it fails.</param>
    /// <returns>The lease, or <see langword="null"/> where there is no endpoint at all.</returns>
    internal static EndpointLease? Acquire(
        Cluster cluster, Random random, PickKeys keys, object request, TriedEndpoints? tried, bool httpsOnly, bool replayable)
    {
        var context = new PickContext(random, keys, request, tried);
        var lease = cluster.Acquire(in context, httpsOnly, replayable);
        if (lease is null && tried is { Any: true })
        {
            lease = cluster.AcquireOut(in context, httpsOnly);
        }

        if (lease is null && tried is { Any: true })
        {
            // Every endpoint there is has been tried: the round starts again.
            tried.Clear();
            lease = cluster.Acquire(new PickContext(random, keys, request, tried), httpsOnly, replayable);
        }

        if (lease is null)
        {
            return null;
        }

        if (tried is not { Any: true })
        {
            cluster.RetryBudget.AddRequest(lease.Started);
        }

        tried?.Add(lease.Endpoint);
        return lease;
    }
}
