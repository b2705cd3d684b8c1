using ClientSideLb.Strategies;

namespace ClientSideLb.Clusters;

/// <summary>
/// Picks endpoints from the latest snapshot and takes leases on them. It takes the cluster's lock only for the trial of an ejected endpoint.
/// </summary>
internal sealed class EndpointAcquirer(
    Lock clusterLock, SnapshotPublisher snapshots, OutlierDetector outliers, RetryBudgetWindow budget, ClusterClock clock, Random random)
{
    /// <summary>
    /// Takes a lease for one attempt of a request. The endpoint is one that the request has not been sent to, as long as there is one. It is
    /// added to the tried endpoints. The first attempt of a request counts for the retry budget.
    /// </summary>
    /// <param name="keys">Finds the request's hash key and caller.</param>
    /// <param name="request">The request, for <paramref name="keys"/>.</param>
    /// <param name="tried">The endpoints that the request has been sent to, or <see langword="null"/> if there are none.</param>
    /// <param name="needs">The request's needs.</param>
    /// <param name="shortage">Why there is no lease.</param>
    /// <returns>The lease, or <see langword="null"/> if the cluster has no endpoint with room for the request.</returns>
    internal EndpointLease? AcquireUntried(PickKeys keys, object request, TriedEndpoints? tried, EndpointNeeds needs, out Shortage shortage)
    {
        var now = clock.GetTimestamp();
        var time = clock.ToTimeSpan(now);
        var context = new PickContext(random, keys, request, tried, time);
        var lease = Acquire(in context, needs, now, out shortage);

        // An endpoint that is only full is better than one that is out or that has failed the request already.
        if (lease is null && !shortage.IsFull && tried is { Any: true })
        {
            lease = Acquire(in context, needs, EndpointSearch.LastResort, now, out shortage);
            if (lease is null && !shortage.IsFull)
            {
                // The request has been sent to every endpoint. It starts a second round.
                tried.Clear();
                lease = Acquire(new PickContext(random, keys, request, tried, time), needs, now, out shortage);
            }
        }

        if (lease is null)
        {
            return null;
        }

        if (tried is not { Any: true })
        {
            budget.AddRequest(now);
        }

        tried?.Add(lease.Endpoint);
        return lease;
    }

    /// <summary>Picks an available endpoint, or an ejected one whose trial is due, and takes a lease on it.</summary>
    /// <param name="context">The context of the pick.</param>
    /// <param name="needs">The request's needs.</param>
    /// <param name="now">The timestamp of the pick.</param>
    /// <param name="shortage">Why there is no lease.</param>
    internal EndpointLease? Acquire(in PickContext context, EndpointNeeds needs, long now, out Shortage shortage)
    {
        // A request that has failed at another endpoint is not used for a trial, because that could fail it again.
        if (!context.HasExclusions && AcquireTrial(in context, needs, now) is { } trial)
        {
            shortage = default;
            return trial;
        }

        return Acquire(in context, needs, EndpointSearch.Available, now, out shortage);
    }

    /// <summary>Tells whether there is an endpoint that a request has not been sent to and that is not barred from all requests, available or not.</summary>
    internal bool HasUntried(TriedEndpoints tried, bool httpsOnly) =>
        Find(PickContext.Excluding(tried), httpsOnly, EndpointSearch.Any, out _) is not null;

    /// <summary>
    /// Tells whether an endpoint that a request has not been sent to has room. An endpoint that is out counts only if no available one is left untried.
    /// </summary>
    internal bool HasRoom(TriedEndpoints tried, bool httpsOnly) => snapshots.Latest.GetView(httpsOnly).HasRoom(tried);

    private EndpointLease? Acquire(in PickContext context, EndpointNeeds needs, EndpointSearch search, long now, out Shortage shortage)
    {
        shortage = default;
        while (Find(in context, needs.HttpsOnly, search, out var isPicked) is { } endpoint)
        {
            if (EndpointLease.TryTake(endpoint, now, isPicked: isPicked, httpsOnly: needs.HttpsOnly) is not { } lease)
            {
                if (isPicked && WaitsForOwner(needs))
                {
                    shortage = new Shortage(IsFull: true, endpoint);
                    return null;
                }

                return AcquireWithRoom(context.NeedingRoom(), needs, search, now, out shortage);
            }

            if (!endpoint.IsBarred)
            {
                return lease;
            }

            // A drain began between the pick and the lease. A caller that waits for the endpoint to be idle may have seen it idle already, so
            // the request must not be sent there.
            lease.Release();
        }

        return null;
    }

    // The endpoint that the strategy picked is full, so this pick excludes endpoints without room. Another request may still be faster.
    private EndpointLease? AcquireWithRoom(in PickContext context, EndpointNeeds needs, EndpointSearch search, long now, out Shortage shortage)
    {
        while (Find(in context, needs.HttpsOnly, search, out var isPicked) is { } endpoint)
        {
            if (EndpointLease.TryTake(endpoint, now, isPicked: isPicked, httpsOnly: needs.HttpsOnly) is not { } lease)
            {
                continue;
            }

            if (!endpoint.IsBarred)
            {
                shortage = default;
                return lease;
            }

            lease.Release();
        }

        shortage = new Shortage(IsFull: true, Owner: null);
        return null;
    }

    private bool WaitsForOwner(EndpointNeeds needs) =>
        snapshots.Latest is { Settings.Concurrency: { WaitForOwner: true, MayWait: true } } snapshot && snapshot.GetView(needs.HttpsOnly).IsKeyed;

    // Takes a lease on an ejected endpoint whose trial is due.
    private EndpointLease? AcquireTrial(in PickContext context, EndpointNeeds needs, long now)
    {
        // In panic all endpoints are used, and any success brings one back.
        var snapshot = snapshots.Latest;
        if (snapshot.Settings is not { } settings || snapshot.InPanic)
        {
            return null;
        }

        // A request that cannot be sent again is the trial only if no other request came for a while.
        var due = needs.IsReplayable ? now : now - settings.Outliers.BaseEjectionTime;
        if (!outliers.MayTrialBeDue(due))
        {
            return null;
        }

        // With a keyed strategy, the trial of an endpoint is a request that it owns. It must not take another endpoint's request away.
        var view = snapshot.GetView(needs.HttpsOnly);
        var candidate = view.IsKeyed ? view.FindTrial(in context) : null;
        if (view.IsKeyed && candidate is null)
        {
            return null;
        }

        // All places of an endpoint that hangs may be taken for a long time. Meanwhile requests must not take the lock for nothing.
        if (candidate is { HasRoom: false } || (settings.Concurrency.HasLimits && !view.HasEjectedWithRoom()))
        {
            return null;
        }

        lock (clusterLock)
        {
            var candidates = candidate is null ? view.Set.AllArray : new ReadOnlySpan<ClusterEndpoint>(in candidate);
            return outliers.TakeTrialLocked(candidates, due, now, needs, settings.Outliers);
        }
    }

    private ClusterEndpoint? Find(in PickContext context, bool httpsOnly, EndpointSearch search, out bool isPicked)
    {
        while (true)
        {
            var snapshot = snapshots.Latest;

            // All endpoints of an old snapshot may have left. If a new snapshot has been published meanwhile, the search starts again.
            if (snapshot.GetView(httpsOnly).Find(in context, search, out isPicked) is { } endpoint)
            {
                return endpoint;
            }

            if (ReferenceEquals(snapshot, snapshots.Latest))
            {
                return null;
            }
        }
    }
}
