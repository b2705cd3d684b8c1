using System.Net;
using System.Net.Http.Headers;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Requests;

/// <summary>The redirects of one request. It finds the target of each redirect, and changes the request for it.</summary>
/// <remarks>
/// A request that is not balanced is left as the last redirect made it, as <see cref="HttpClient"/> leaves it. A balanced request may be sent
/// again by failover or by an outer handler, so its headers are restored, and the response gets a request of its own that shows the end. The
/// balancer itself restores the address, the method and the content, see <see cref="RequestRewrite.Undo"/>.
/// </remarks>
internal sealed class RedirectTrail
{
    private readonly HttpRequestMessage _request;
    private readonly Uri _start;
    private readonly Uri? _logical;
    private readonly string? _host;
    private readonly HeaderStringValues _authorization;
    private readonly bool? _chunked;

    /// <param name="request">The request, as it was sent before the first redirect.</param>
    internal RedirectTrail(HttpRequestMessage request)
    {
        _request = request;
        _start = request.RequestUri!;
        _logical = request.GetLogicalAddress();
        _host = request.Headers.Host;
        _chunked = request.Headers.TransferEncodingChunked;
        request.Headers.NonValidated.TryGetValues("Authorization", out _authorization);
    }

    /// <summary>Tells whether a response's status is that of a redirect.</summary>
    internal static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MultipleChoices or HttpStatusCode.MovedPermanently or HttpStatusCode.Found
            or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>Finds the address that a response redirects to, or <see langword="null"/> if that is not for the client to follow.</summary>
    internal Uri? FindTarget(HttpResponseMessage? response)
    {
        if (response is null || !IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
        {
            return null;
        }

        var from = _request.RequestUri!;
        var target = location.IsAbsoluteUri ? location : new Uri(from, location);
        if (MeansEndpoint(target, from))
        {
            target = new Uri(string.Concat(AddressText.GetOrigin(_start), target.PathAndQuery, target.Fragment));
        }

        if (target.Scheme is not ("http" or "https" or "ws" or "wss") || (IsSecure(from) && !IsSecure(target)))
        {
            return null;
        }

        // RFC 9110, section 10.2.2: a target without a fragment has that of the address that was redirected.
        var fragment = from.Fragment.Length > 0 ? from.Fragment : ReferenceEquals(from, _start) ? _logical?.Fragment : "";
        return string.IsNullOrEmpty(fragment) || target.Fragment.Length > 0 ? target : new Uri(target.OriginalString + fragment);
    }

    /// <summary>Changes the request to the one that follows a redirect.</summary>
    internal void Redirect(Uri target, HttpStatusCode status)
    {
        if (_logical is not null && !RequestRewrite.HaveSameOrigin(_request.RequestUri!, target))
        {
            // The Host header was meant for the endpoint.
            _request.Headers.Host = RequestRewrite.HaveSameOrigin(_start, target) ? _host : null;
        }

        TraceHeaders.Prepare(_request);

        // The primary handler, too, removes this header at every redirect, whatever the target.
        _request.Headers.Authorization = null;
        _request.RequestUri = target;
        if (BecomesGet(_request.Method, status))
        {
            _request.Method = HttpMethod.Get;
            _request.Content = null;
            if (_request.Headers.TransferEncodingChunked == true)
            {
                _request.Headers.TransferEncodingChunked = false;
            }
        }
    }

    /// <summary>Gives the final response a request that stays as the redirects left it.</summary>
    internal HttpResponseMessage Complete(HttpResponseMessage response)
    {
        if (_logical is not null && response is not null)
        {
            response.RequestMessage = RequestCopy.Of(_request);
        }

        return response!;
    }

    /// <summary>Restores the headers that the redirects have changed, for another attempt.</summary>
    internal void Restore()
    {
        if (_logical is null)
        {
            return;
        }

        _request.Headers.Host = _host;
        _request.Headers.Remove("Authorization");
        if (_authorization.Count > 0)
        {
            _request.Headers.TryAddWithoutValidation("Authorization", _authorization);
        }

        if (_request.Headers.TransferEncodingChunked != _chunked)
        {
            _request.Headers.TransferEncodingChunked = _chunked;
        }
    }

    private static bool IsSecure(Uri address) => address.Scheme is "https" or "wss";

    // RFC 9110, section 15.4.
    private static bool BecomesGet(HttpMethod method, HttpStatusCode status) => status switch
    {
        HttpStatusCode.MultipleChoices or HttpStatusCode.MovedPermanently or HttpStatusCode.Found => method == HttpMethod.Post,
        HttpStatusCode.SeeOther => method != HttpMethod.Get && method != HttpMethod.Head,
        _ => false,
    };

    private bool MeansEndpoint(Uri target, Uri from) =>
        _logical is not null && (IsLogical(target, _logical) || (RequestRewrite.HaveSameOrigin(_start, from) && IsHostHeader(target, from)));

    // The service may be written with another scheme or port. An endpoint without TLS cannot serve an address that demands https.
    private bool IsLogical(Uri target, Uri logical) =>
        LogicalAddress.IsSameService(logical, target, allowHttps: IsSecure(_start)) && (IsSecure(_start) || !LogicalAddress.IsHttpsOnly(target.Scheme));

    // A redirect to the host that we sent in the Host header means this endpoint. A Host header has no IPv6 zone.
    private bool IsHostHeader(Uri target, Uri from)
    {
        var host = _request.Headers.Host ?? (AddressText.HasZone(from) ? from.Authority : null);
        return host is not null && Uri.TryCreate($"{from.Scheme}://{host}", UriKind.Absolute, out var name) && RequestRewrite.HaveSameOrigin(name, target);
    }
}
