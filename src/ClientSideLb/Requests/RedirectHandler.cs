using System.Diagnostics.CodeAnalysis;

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
    /// <summary>Sends a request without following redirects. The caller follows them with <see cref="FollowAsync"/>.</summary>
    /// <remarks>This way, a response that is no redirect needs no state machine of this handler.</remarks>
    internal Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);

    /// <summary>Tells whether a response's status is that of a redirect.</summary>
    /// <param name="response">
    /// The response. It is <see langword="null"/> if an inner handler returned none; then the caller reports that.
    /// </param>
    internal static bool MayBeRedirect([NotNullWhen(true)] HttpResponseMessage? response) =>
        response is not null && RedirectTrail.IsRedirect(response.StatusCode);

    /// <summary>Follows the redirects that begin with a response.</summary>
    /// <returns>The final response. It is the given one if that is no redirect.</returns>
    internal async Task<HttpResponseMessage> FollowAsync(
        HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
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
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return MayBeRedirect(response) ? await FollowAsync(request, response, cancellationToken).ConfigureAwait(false) : response;
        }
        catch (Exception failure)
        {
            PrimaryFailure.Set(request, failure);
            throw;
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return SendAndFollow(request, cancellationToken);
        }
        catch (Exception failure)
        {
            PrimaryFailure.Set(request, failure);
            throw;
        }
    }

    private HttpResponseMessage SendAndFollow(HttpRequestMessage request, CancellationToken cancellationToken)
    {
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
}
