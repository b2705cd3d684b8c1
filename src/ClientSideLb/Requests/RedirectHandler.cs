using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;

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
        response?.StatusCode is HttpStatusCode.MultipleChoices or HttpStatusCode.MovedPermanently or HttpStatusCode.Found
            or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>Follows the redirects that begin with a response.</summary>
    /// <returns>The final response. It is the given one if that is no redirect.</returns>
    internal async Task<HttpResponseMessage> FollowAsync(
        HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (maxRedirects == 0 || GetTarget(request, response) is not { } target)
        {
            return response;
        }

        var before = Headers.Of(request);
        try
        {
            for (var i = 0; i < maxRedirects && target is not null; i++)
            {
                response.Dispose();
                Redirect(request, target, response.StatusCode);
                response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
                target = GetTarget(request, response);
            }

            return response;
        }
        finally
        {
            before.Restore();
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
        if (maxRedirects == 0 || GetTarget(request, response) is not { } target)
        {
            return response;
        }

        var before = Headers.Of(request);
        try
        {
            for (var i = 0; i < maxRedirects && target is not null; i++)
            {
                response.Dispose();
                Redirect(request, target, response.StatusCode);
                response = base.Send(request, cancellationToken);
                target = GetTarget(request, response);
            }

            return response;
        }
        finally
        {
            before.Restore();
        }
    }

    private static Uri? GetTarget(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (!MayBeRedirect(response) || response.Headers.Location is not { } location)
        {
            return null;
        }

        var from = request.RequestUri!;
        var target = location.IsAbsoluteUri ? location : new Uri(from, location);
        if (!LogicalAddress.IsHttp(target.Scheme) || (IsSecure(from) && !IsSecure(target)))
        {
            return null;
        }

        // A redirect to the host that we sent in the Host header means this endpoint.
        return request.Headers.Host is { } host && Uri.TryCreate($"{from.Scheme}://{host}", UriKind.Absolute, out var name) && RequestRewrite.HaveSameOrigin(name, target)
            ? new Uri(string.Concat(from.GetLeftPart(UriPartial.Authority), target.PathAndQuery))
            : target;
    }

    private static bool IsSecure(Uri address) => address.Scheme is "https" or "wss";

    private static void Redirect(HttpRequestMessage request, Uri target, HttpStatusCode status)
    {
        if (!RequestRewrite.HaveSameOrigin(request.RequestUri!, target))
        {
            request.Headers.Host = null;
        }

        TraceHeaders.Prepare(request);

        // The primary handler, too, removes this header at every redirect, whatever the target.
        request.Headers.Authorization = null;
        request.RequestUri = target;
        if (BecomesGet(request.Method, status))
        {
            request.Method = HttpMethod.Get;
            request.Content = null;
            if (request.Headers.TransferEncodingChunked == true)
            {
                request.Headers.TransferEncodingChunked = false;
            }
        }
    }

    // RFC 9110, section 15.4.
    private static bool BecomesGet(HttpMethod method, HttpStatusCode status) => status switch
    {
        HttpStatusCode.MultipleChoices or HttpStatusCode.MovedPermanently or HttpStatusCode.Found => method == HttpMethod.Post,
        HttpStatusCode.SeeOther => method != HttpMethod.Get && method != HttpMethod.Head,
        _ => false,
    };

    /// <summary>
    /// The headers that a redirect changes. They are restored for another attempt. The balancer itself restores the address, the method and
    /// the content, see <see cref="RequestRewrite.Undo"/>.
    /// </summary>
    private readonly record struct Headers(HttpRequestMessage Request, string? Host, HeaderStringValues Authorization, bool? Chunked)
    {
        internal static Headers Of(HttpRequestMessage request)
        {
            request.Headers.NonValidated.TryGetValues("Authorization", out var authorization);
            return new Headers(request, request.Headers.Host, authorization, request.Headers.TransferEncodingChunked);
        }

        internal void Restore()
        {
            Request.Headers.Host = Host;
            Request.Headers.Remove("Authorization");
            if (Authorization.Count > 0)
            {
                Request.Headers.TryAddWithoutValidation("Authorization", Authorization);
            }

            if (Request.Headers.TransferEncodingChunked != Chunked)
            {
                Request.Headers.TransferEncodingChunked = Chunked;
            }
        }
    }
}
