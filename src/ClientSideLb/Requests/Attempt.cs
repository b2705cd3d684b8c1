namespace ClientSideLb;

/// <summary>One attempt of a request, from the pick to the response's headers. It ends by <see cref="Complete"/> or <see cref="Fail"/>.</summary>
internal readonly struct Attempt
{
    private readonly HttpRequestMessage _request;
    private readonly RequestRewrite _rewrite;
    private readonly EndpointLease? _lease;

    private Attempt(HttpRequestMessage request, RequestRewrite rewrite, EndpointLease? lease)
    {
        _request = request;
        _rewrite = rewrite;
        _lease = lease;
    }

    /// <summary>Begins an attempt at a name that is no service's: the request goes where it says.</summary>
    internal static Attempt PassThrough(HttpRequestMessage request) => new(request, RequestRewrite.FirstScheme(request), lease: null);

    /// <summary>Begins an attempt at an endpoint of the cluster that this request has not been sent to, as long as there is one.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cluster">The cluster its address names.</param>
    /// <param name="settings">The client's settings.</param>
    /// <param name="random">Where picks get their numbers.</param>
    /// <param name="discoveryFailure">Why the cluster may know no endpoint.</param>
    /// <exception cref="NoEndpointAvailableException">There is no endpoint to send to.</exception>
    internal static Attempt Begin(
        HttpRequestMessage request, Cluster cluster, ClientSettings settings, Random random, Exception? discoveryFailure)
    {
        var tried = request.GetTriedEndpoints();
        var httpsOnly = LogicalAddress.IsHttpsOnly(request.RequestUri!.Scheme);
        var lease = cluster.Acquire(new PickContext(random, settings.Keys, request, tried), httpsOnly);
        if (lease is null && tried.Any)
        {
            // Every endpoint there is has been tried: the round starts again.
            tried.Clear();
            lease = cluster.Acquire(new PickContext(random, settings.Keys, request, tried), httpsOnly);
        }

        if (lease is null)
        {
            throw new NoEndpointAvailableException(NoEndpointMessage.For(cluster, httpsOnly, discoveryFailure), discoveryFailure);
        }

        try
        {
            tried.Add(lease.Endpoint);
            return new Attempt(request, RequestRewrite.Apply(request, lease.Endpoint, settings.HostHeader), lease);
        }
        catch
        {
            lease.Release();
            throw;
        }
    }

    /// <summary>Gives the request back as it was, learns from the answer, and leaves the lease to the response's body.</summary>
    internal HttpResponseMessage Complete(HttpResponseMessage response)
    {
        _rewrite.Undo();
        if (_lease is not null)
        {
            _lease.ObserveAnswer(serverError: (int)response.StatusCode >= 500);
            TrackedContent.Track(response, _request, _lease);
        }

        return response;
    }

    /// <summary>Gives the request back as it was, and ends the lease.</summary>
    internal void Fail()
    {
        _rewrite.Undo();
        _lease?.Release();
    }
}
