using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>One attempt of a request, from the pick to the response's headers. The caller ends it once, by <see cref="End"/>.</summary>
internal readonly struct Attempt
{
    private readonly EndpointLease? _lease;
    private readonly RequestRewrite _rewrite;
    private readonly AttemptDeadline? _deadline;

    private Attempt(HttpRequestMessage request, Route route, EndpointLease? lease, RequestRewrite rewrite, AttemptDeadline? deadline, CancellationToken caller)
    {
        Request = request;
        Route = route;
        _lease = lease;
        _rewrite = rewrite;
        _deadline = deadline;
        Caller = caller;
    }

    internal HttpRequestMessage Request { get; }

    /// <summary>Gets the route of the request.</summary>
    internal Route Route { get; }

    /// <summary>Gets the caller's cancellation.</summary>
    internal CancellationToken Caller { get; }

    /// <summary>Gets the endpoint, or <see langword="null"/> if the request is sent to its own address.</summary>
    internal ClusterEndpoint? Endpoint => _lease?.Endpoint;

    /// <summary>Gets the token to send the request with. The caller and the attempt timeout cancel it.</summary>
    internal CancellationToken Token => _deadline?.Token ?? Caller;

    /// <summary>Begins an attempt at an endpoint that this request has not been sent to. If it has been sent to all of them, it starts a second round.</summary>
    /// <exception cref="NoEndpointAvailableException">There is no endpoint to send the request to.</exception>
    internal static Attempt Begin(HttpRequestMessage request, Route route, CancellationToken cancellationToken)
    {
        if (route.Cluster is null)
        {
            return new Attempt(request, route, lease: null, RequestRewrite.ApplyFirstScheme(request), deadline: null, cancellationToken);
        }

        var deadline = route.Settings.Failover.AttemptTimeout is { } timeout
            ? new AttemptDeadline(timeout, route.Time, cancellationToken)
            : null;
        EndpointLease? lease = null;
        try
        {
            lease = Acquire(request, route.Cluster, route);
            var rewrite = RequestRewrite.Apply(request, lease.Endpoint, route.Settings.HostHeader, route.Rewrites);
            return new Attempt(request, route, lease, rewrite, deadline, cancellationToken);
        }
        catch (Exception failure)
        {
            deadline?.Dispose();
            if (lease is not null)
            {
                // The request was not sent. If it was to be the trial of an ejected endpoint, another request can be that now.
                route.Cluster.Observe(lease, new AttemptResult { Endpoint = lease.Endpoint, Request = request, Exception = failure });
                lease.Release();
            }

            throw;
        }
    }

    /// <summary>Restores the request, lets the cluster learn from the result, and hands the lease over to the response's body, if there is one.</summary>
    /// <param name="response">The response, or <see langword="null"/> if there was an exception.</param>
    /// <param name="failure">The exception, or <see langword="null"/> if there was a response.</param>
    internal AttemptResult End(HttpResponseMessage? response, Exception? failure)
    {
        var (isRedirected, isElsewhere) = (_rewrite.IsRedirected, _rewrite.IsElsewhere);
        _rewrite.Undo();
        if (_lease is null)
        {
            return new AttemptResult { Endpoint = null!, Request = Request, Response = response, Exception = failure };
        }

        if (failure is not null && _deadline is not null)
        {
            failure = _deadline.Explain(failure, Caller);
        }

        var cluster = Route.Cluster!;
        var failures = Route.Settings.Failures;
        var result = new AttemptResult
        {
            Endpoint = _lease.Endpoint,
            Request = Request,
            Response = response,
            Exception = failure,
            IsRedirected = isRedirected,
        };
        try
        {
            if (Route.Telemetry.Metrics.IsTimingAttempts || failures.HasOwnRule)
            {
                result = cluster.Clock.AddTime(in result, _lease.Started);
            }

            result = result with { Verdict = isElsewhere ? FailureClassifier.JudgeElsewhere(failure, Caller) : failures.Judge(in result, Caller) };
        }
        finally
        {
            cluster.Observe(_lease, in result, isElsewhere ? null : failures.GetRetryAfter(response));
            _deadline?.Stop();
            _lease.Resource = _deadline;
            if (response is null)
            {
                _lease.Release();
            }
            else
            {
                // An attempt that failed by its headers must not count as a second failure if its body breaks off, too.
                TrackedContent.Track(response, Request, _lease, result.Verdict == AttemptVerdict.Success && !isElsewhere ? Route : null);
            }
        }

        RequestTelemetry.ReportAttempt(Route, in result);
        return result;
    }

    private static EndpointLease Acquire(HttpRequestMessage request, Cluster cluster, Route route)
    {
        var needs = new EndpointNeeds(LogicalAddress.IsHttpsOnly(request.RequestUri!.Scheme), Replay.IsSafe(request));
        var tried = request.FindTriedEndpoints();
        if (cluster.AcquireUntried(route.Settings.Keys, request, tried, needs) is { } lease)
        {
            if (tried is null)
            {
                request.SetFirstEndpoint(lease.Endpoint);
            }

            return lease;
        }

        RequestTelemetry.ReportNoEndpoint(route, cluster, attempts: 0);
        throw NoEndpointMessage.CreateException(cluster, needs.HttpsOnly, route.DiscoveryFailure);
    }
}
