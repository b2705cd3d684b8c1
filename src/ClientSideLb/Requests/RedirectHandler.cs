using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>
/// Stands directly above the primary handler. It remembers which exceptions the primary handler threw, see <see cref="PrimaryFailure"/>, and follows
/// redirects in place of the primary handler, which does not know endpoints. The primary handler would send the <c>Host</c> header
/// that the balancer has set for the endpoint to every host that a redirect leads to. It would also take the service's name in a redirect for
/// the name of a host.
/// </summary>
/// <param name="primary">The primary handler.</param>
/// <param name="maxRedirects">The largest number of redirects that are followed for one request.</param>
internal sealed class RedirectHandler(HttpMessageHandler primary, int maxRedirects) : DelegatingHandler(primary)
{
    private readonly ConnectionLimits _limits = new(primary);

    /// <summary>Sends a request without following redirects. The caller follows them with <see cref="FollowAsync"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="lease">The lease of the attempt, or <see langword="null"/> if the request is not balanced. The caller ends the wait.</param>
    /// <param name="cancellationToken">The cancellation of the attempt.</param>
    /// <remarks>This way, a response that is no redirect needs no state machine of this handler.</remarks>
    internal Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, EndpointLease? lease, CancellationToken cancellationToken)
    {
        if (lease is null)
        {
            return base.SendAsync(request, cancellationToken);
        }

        Prepare(request, lease);
        var sending = base.SendAsync(request, cancellationToken);
        if (!sending.IsCompleted && !lease.MayBeQueued)
        {
            lease.BeginWait();
        }

        return sending;
    }

    /// <summary>Tells whether a response's status is that of a redirect.</summary>
    /// <param name="response">
    /// The response. It is <see langword="null"/> if an inner handler returned none; then the caller reports that.
    /// </param>
    internal static bool MayBeRedirect([NotNullWhen(true)] HttpResponseMessage? response) =>
        response is not null && RedirectTrail.IsRedirect(response.StatusCode);

    /// <summary>Follows the redirects that begin with a response. Their time does not count as a wait for the endpoint, which has answered.</summary>
    /// <returns>The final response. It is the given one if that is no redirect.</returns>
    internal async Task<HttpResponseMessage> FollowAsync(
        HttpRequestMessage request, EndpointLease? lease, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (maxRedirects == 0 || !MayBeRedirect(response))
        {
            return response;
        }

        var trail = new RedirectTrail(request);
        if (trail.FindTarget(response) is not { } target)
        {
            return response;
        }

        lease?.PauseWait();
        lease?.ObserveSignOfLife();
        try
        {
            for (var i = 0; i < maxRedirects && target is not null; i++)
            {
                response.Dispose();
                trail.Redirect(target, response.StatusCode);
                response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
                target = trail.FindTarget(response);
            }

            return trail.Complete(response);
        }
        finally
        {
            trail.Restore();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var lease = AttemptLease.Find(request);
        try
        {
            var response = await SendOnceAsync(request, lease, cancellationToken).ConfigureAwait(false);
            return MayBeRedirect(response) ? await FollowAsync(request, lease, response, cancellationToken).ConfigureAwait(false) : response;
        }
        catch (Exception failure)
        {
            PrimaryFailure.Set(request, failure);
            throw;
        }
        finally
        {
            lease?.PauseWait();
            Upload.Restore(request);
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var lease = AttemptLease.Find(request);
        try
        {
            return SendAndFollow(request, lease, cancellationToken);
        }
        catch (Exception failure)
        {
            PrimaryFailure.Set(request, failure);
            throw;
        }
        finally
        {
            lease?.PauseWait();
            Upload.Restore(request);
        }
    }

    private HttpResponseMessage SendAndFollow(HttpRequestMessage request, EndpointLease? lease, CancellationToken cancellationToken)
    {
        if (lease is not null)
        {
            Prepare(request, lease);
            if (!lease.MayBeQueued)
            {
                lease.BeginWait();
            }
        }

        var response = base.Send(request, cancellationToken);
        if (maxRedirects == 0 || !MayBeRedirect(response))
        {
            return response;
        }

        var trail = new RedirectTrail(request);
        if (trail.FindTarget(response) is not { } target)
        {
            return response;
        }

        lease?.PauseWait();
        lease?.ObserveSignOfLife();
        try
        {
            for (var i = 0; i < maxRedirects && target is not null; i++)
            {
                response.Dispose();
                trail.Redirect(target, response.StatusCode);
                response = base.Send(request, cancellationToken);
                target = trail.FindTarget(response);
            }

            return trail.Complete(response);
        }
        finally
        {
            trail.Restore();
        }
    }

    private void Prepare(HttpRequestMessage request, EndpointLease lease)
    {
        if (!_limits.IsOnNetwork)
        {
            return;
        }

        Upload.Observe(request, lease);
        if (_limits.MayQueue(request, lease))
        {
            lease.MarkQueued();
        }
    }
}
