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

    /// <summary>Gets the lease, or <see langword="null"/> if the request is sent to its own address.</summary>
    internal EndpointLease? Lease => _lease;

    /// <summary>Gets a value indicating whether the request is not sent, because every endpoint has rejected requests for a time that is not over.</summary>
    internal bool IsRejected => _lease is null && Route.Cluster is not null;

    /// <summary>Gets the token to send the request with. The caller and the attempt timeout cancel it.</summary>
    internal CancellationToken Token => _deadline?.Token ?? Caller;

    /// <summary>Begins an attempt at an endpoint that this request has not been sent to. If it has been sent to all of them, it starts a second round.</summary>
    /// <returns>Whether the attempt has begun. If not, the request has to wait until an endpoint has room, by <see cref="WaitAsync"/> or <see cref="Wait"/>.</returns>
    /// <exception cref="NoEndpointAvailableException">There is no endpoint to send the request to, or all are full and requests do not wait.</exception>
    internal static bool TryBegin(HttpRequestMessage request, Route route, CancellationToken cancellationToken, out Attempt attempt)
    {
        if (route.Cluster is null)
        {
            attempt = new Attempt(request, route, lease: null, RequestRewrite.ApplyFirstScheme(request), deadline: null, cancellationToken);
            return true;
        }

        if (!Leasing.TryTake(request, route, out var lease))
        {
            attempt = default;
            return false;
        }

        attempt = Begin(request, route, lease, cancellationToken);
        return true;
    }

    /// <summary>Begins the attempt that <see cref="TryBegin"/> could not begin, as soon as an endpoint has room. Its time limit starts then.</summary>
    /// <exception cref="NoEndpointAvailableException">There is no endpoint to send the request to, or the wait was in vain.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled the request.</exception>
    internal static async ValueTask<Attempt> WaitAsync(HttpRequestMessage request, Route route, CancellationToken cancellationToken) =>
        Begin(request, route, await Leasing.WaitAsync(request, route, cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <summary>Does the same as <see cref="WaitAsync"/> for a synchronous request: its thread waits.</summary>
    internal static Attempt Wait(HttpRequestMessage request, Route route, CancellationToken cancellationToken) =>
        Begin(request, route, Leasing.Wait(request, route, cancellationToken), cancellationToken);

    /// <summary>Creates the result of an attempt that ended before it began, because the caller has cancelled, or code of the application has failed.</summary>
    internal static AttemptResult NotSent(HttpRequestMessage request, Exception failure, CancellationToken caller) => new()
    {
        Endpoint = null!,
        Request = request,
        Exception = failure,
        Verdict = failure is OperationCanceledException && caller.IsCancellationRequested ? AttemptVerdict.Abandoned : AttemptVerdict.Neutral,
    };

    /// <summary>Begins an attempt with a lease.</summary>
    /// <param name="request">The request.</param>
    /// <param name="route">The request's route. It has a cluster.</param>
    /// <param name="lease">The lease, or <see langword="null"/> if every endpoint has rejected requests.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    internal static Attempt Begin(HttpRequestMessage request, Route route, EndpointLease? lease, CancellationToken cancellationToken)
    {
        if (lease is null)
        {
            return new Attempt(request, route, lease: null, RequestRewrite.None(request), deadline: null, cancellationToken);
        }

        AttemptDeadline? deadline = null;
        try
        {
            deadline = route.Settings.Failover.AttemptTimeout is { } timeout ? new AttemptDeadline(timeout, route.Time, cancellationToken) : null;
            TraceHeaders.Prepare(request);
            var rewrite = RequestRewrite.Apply(request, lease.Endpoint, route.Settings.HostHeader, route.Rewrites);
            return new Attempt(request, route, lease, rewrite, deadline, cancellationToken);
        }
        catch (Exception failure)
        {
            deadline?.Dispose();

            // The request was not sent. If it was to be the trial of an ejected endpoint, another request can be that now.
            route.Cluster!.Observe(lease, new AttemptResult { Endpoint = lease.Endpoint, Request = request, Exception = failure });
            lease.Release();
            throw;
        }
    }

    /// <summary>Stores the lease in the request, for the handler above the primary one.</summary>
    internal void PassLease()
    {
        if (_lease is not null)
        {
            AttemptLease.Set(Request, _lease);
        }
    }

    /// <summary>Restores the request, lets the cluster learn from the result, and hands the lease over to the response's body, if there is one.</summary>
    /// <param name="response">The response, or <see langword="null"/> if there was an exception.</param>
    /// <param name="failure">The exception, or <see langword="null"/> if there was a response.</param>
    /// <param name="isFromPrimary">Whether the primary handler threw the exception, and not another handler in between.</param>
    internal AttemptResult End(HttpResponseMessage? response, Exception? failure, bool isFromPrimary)
    {
        // A handler below that returns null breaks the contract of handlers. HttpClient throws the same exception for it.
        if (response is null && failure is null)
        {
            failure = new InvalidOperationException("An inner handler returned null in place of a response.");
            isFromPrimary = false;
        }

        var (isRedirected, isElsewhere) = (_rewrite.IsRedirected, _rewrite.IsElsewhere);
        if (isRedirected && response is not null)
        {
            _rewrite.ShowFinalAddress(response, Endpoint?.Location);
        }

        _rewrite.Undo();
        if (_lease is null)
        {
            return new AttemptResult { Endpoint = null!, Request = Request, Response = response, Exception = failure, IsRejected = IsRejected };
        }

        _lease.EndWait();
        isFromPrimary &= !_lease.IsCallersFault;
        if (failure is not null && _deadline is not null)
        {
            failure = _deadline.Explain(Request, failure, Caller);
        }

        var result = new AttemptResult
        {
            Endpoint = _lease.Endpoint,
            Request = Request,
            Response = response,
            Exception = failure,
            IsRedirected = isRedirected,
            IsRejected = Route.Settings.Failover.MoveRejected && !isElsewhere && response is not null && FailureClassifier.IsRejection(Request, response),
            IsJudgedByApplication = Route.Settings.Failures.HasOwnRule,
            IsFromPrimary = isFromPrimary && !isElsewhere,
            IsBrokenConnection = isFromPrimary && !isElsewhere && NetworkFailure.IsBrokenConnection(failure!),
        };
        try
        {
            result = Judge(in result, isElsewhere);
        }
        catch
        {
            // The application's own rule threw. Its exception reaches the caller, who never sees the response.
            response?.Dispose();
            Route.Cluster!.Observe(_lease, result with { Verdict = AttemptVerdict.Neutral }, setAside: null);
            Release(result with { Response = null }, isTracked: false);
            throw;
        }

        if (response is not null && !isElsewhere && !_lease.Endpoint.State.HasAnswered)
        {
            Route.Hosts.Add(_lease.Endpoint.Address);
        }

        if (FailureClassifier.CountsAsTried(in result))
        {
            Request.GetOrAddTriedEndpoints();
        }
        else
        {
            Request.ForgetTriedEndpoint(_lease.Endpoint);
        }

        Route.Cluster!.Observe(_lease, in result, isElsewhere ? null : Route.Settings.Failures.GetRetryAfter(in result));

        // A failure by the headers does not count a second time for the body.
        Release(in result, isTracked: result.Verdict == AttemptVerdict.Success && !isElsewhere);
        RequestTelemetry.ReportAttempt(Route, in result);
        return result;
    }

    private AttemptResult Judge(in AttemptResult result, bool isElsewhere)
    {
        var failures = Route.Settings.Failures;
        var timed = Route.Telemetry.Metrics.IsTimingAttempts || failures.HasOwnRule ? Route.Cluster!.Clock.AddTime(in result, _lease!.Started) : result;
        return timed with { Verdict = isElsewhere ? FailureClassifier.JudgeElsewhere(in timed, Caller) : failures.Judge(in timed, Caller) };
    }

    private void Release(in AttemptResult result, bool isTracked)
    {
        _deadline?.Stop();
        _lease!.Resource = _deadline;
        if (result.Response is null)
        {
            _lease.Release();
        }
        else
        {
            TrackedContent.Track(result.Response, Request, _lease, isTracked ? Route : null);
        }
    }
}
