using System.Net;

namespace ClientSideLb;

/// <summary>One attempt of a request, from the pick to the response's headers. It is ended once, by <see cref="End"/>.</summary>
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

    /// <summary>Gets where the request is to go.</summary>
    internal Route Route { get; }

    /// <summary>Gets the caller's cancellation.</summary>
    internal CancellationToken Caller { get; }

    /// <summary>Gets the endpoint, or <see langword="null"/> where the request goes to its address as it is.</summary>
    internal ClusterEndpoint? Endpoint => _lease?.Endpoint;

    /// <summary>Gets the token to send with.</summary>
    internal CancellationToken Token => _deadline?.Token ?? Caller;

    /// <summary>Begins an attempt at an endpoint that this request has not been sent to, as long as there is one.</summary>
    /// <exception cref="NoEndpointAvailableException">There is no endpoint to send to.</exception>
    internal static Attempt Begin(HttpRequestMessage request, Route route, CancellationToken cancellationToken)
    {
        if (route.Cluster is null)
        {
            return new Attempt(request, route, lease: null, RequestRewrite.FirstScheme(request), deadline: null, cancellationToken);
        }

        var deadline = route.Settings.Failover.AttemptTimeout is { } timeout
            ? new AttemptDeadline(timeout, route.Time, cancellationToken)
            : null;
        EndpointLease? lease = null;
        try
        {
            lease = Acquire(request, route.Cluster, route);
            return new Attempt(request, route, lease, RequestRewrite.Apply(request, lease.Endpoint, route.Settings.HostHeader, route.Cluster.Rewrites), deadline, cancellationToken);
        }
        catch
        {
            deadline?.Dispose();
            if (lease is not null)
            {
                route.Cluster.Observe(lease, Verdict.Neutral, Answer.None);
                lease.Release();
            }

            throw;
        }
    }

    /// <summary>Gives the request back as it was, learns from the outcome, and leaves the lease to the response's body, if there is one.</summary>
    /// <param name="response">The response, or <see langword="null"/> where there was an exception.</param>
    /// <param name="failure">The exception, or <see langword="null"/> where there was a response.</param>
    internal AttemptEnd End(HttpResponseMessage? response, Exception? failure)
    {
        var (isRedirected, isElsewhere) = (_rewrite.IsRedirected, _rewrite.IsElsewhere);
        _rewrite.Undo();
        if (_lease is null)
        {
            return new AttemptEnd(Verdict.Neutral, response, failure);
        }

        if (failure is not null && _deadline is not null)
        {
            failure = _deadline.Explain(failure, Caller);
        }

        var failures = Route.Settings.Failures;
        var verdict = Verdict.Neutral;
        try
        {
            verdict = isElsewhere
                ? FailureClassifier.JudgeElsewhere(failure, Caller)
                : failures.Judge(new AttemptOutcome(_lease.Endpoint, Request, response, failure), Caller);
        }
        finally
        {
            Route.Cluster!.Observe(_lease, verdict, AnswerOf(response), isElsewhere ? null : failures.SetAside(response));
            _deadline?.Stop();
            _lease.Resource = _deadline;
            if (response is null)
            {
                _lease.Release();
            }
            else
            {
                // What has failed by its headers does not fail once more by its body.
                TrackedContent.Track(response, Request, _lease, verdict == Verdict.Success && !isElsewhere ? Route : null);
            }
        }

        var end = new AttemptEnd(verdict, response, failure, isRedirected);
        RequestTelemetry.AttemptEnded(Route, _lease, in end);
        return end;
    }

    private static Answer AnswerOf(HttpResponseMessage? response) => response switch
    {
        null => Answer.None,
        { StatusCode: >= HttpStatusCode.InternalServerError } => Answer.ServerError,
        _ => Answer.Other,
    };

    private static EndpointLease Acquire(HttpRequestMessage request, Cluster cluster, Route route)
    {
        var httpsOnly = LogicalAddress.IsHttpsOnly(request.RequestUri!.Scheme);
        var tried = request.FindTriedEndpoints();
        if (AttemptLease.Acquire(cluster, route.Random, route.Settings.Keys, request, tried, httpsOnly, Replay.IsSafe(request)) is { } lease)
        {
            if (tried is null)
            {
                request.SetFirstEndpoint(lease.Endpoint);
            }

            return lease;
        }

        RequestTelemetry.NoEndpoint(cluster, attempts: 0);
        throw new NoEndpointAvailableException(NoEndpointMessage.For(cluster, httpsOnly, route.DiscoveryFailure), route.DiscoveryFailure);
    }
}
