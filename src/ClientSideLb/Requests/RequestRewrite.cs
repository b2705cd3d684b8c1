using ClientSideLb.Endpoints;

namespace ClientSideLb.Requests;

/// <summary>Points a request at an endpoint for one attempt, and restores the request afterwards.</summary>
internal readonly struct RequestRewrite
{
    private readonly HttpRequestMessage _request;
    private readonly Uri _logical;
    private readonly Uri _sent;
    private readonly HttpMethod _method;
    private readonly HttpContent? _content;
    private readonly bool _hostAdded;

    // The request already has the rewritten address.
    private RequestRewrite(HttpRequestMessage request, Uri logical, bool hostAdded)
    {
        _request = request;
        _logical = logical;
        _sent = request.RequestUri!;
        _method = request.Method;
        _content = request.Content;
        _hostAdded = hostAdded;
    }

    /// <summary>
    /// Gets a value indicating whether an inner handler has changed the request's address, most likely to follow a redirect. Valid until
    /// <see cref="Undo"/>.
    /// </summary>
    internal bool IsRedirected => !ReferenceEquals(_request.RequestUri, _sent);

    /// <summary>
    /// Gets a value indicating whether the request has been redirected to another scheme, host or port than the endpoint's. Valid until
    /// <see cref="Undo"/>.
    /// </summary>
    internal bool IsElsewhere => IsRedirected && !HaveSameOrigin(_request.RequestUri!, _sent);

    /// <summary>Replaces the request's address by one at an endpoint, and sets the <c>Host</c> header if the caller has not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="mode">The name to send in the <c>Host</c> header.</param>
    /// <param name="cache">The addresses that were rewritten before, if requests are likely to repeat them.</param>
    internal static RequestRewrite Apply(HttpRequestMessage request, ClusterEndpoint endpoint, HostHeaderMode mode, RewriteCache? cache = null)
    {
        var logical = request.RequestUri!;

        // The headers are read last, because reading them allocates the collection.
        var host = HostHeaderRules.GetName(endpoint, logical, mode);
        var isAdded = host is not null && request.Headers.Host is null;
        if (isAdded)
        {
            request.Headers.Host = host;
        }

        request.SetLogicalAddress(logical);
        request.RequestUri = cache is null ? CreateAddress(endpoint.Location, logical.PathAndQuery) : cache.GetAddress(endpoint.Location, logical);
        return new RequestRewrite(request, logical, isAdded);
    }

    /// <summary>Leaves a request as it is, because it is not sent.</summary>
    internal static RequestRewrite None(HttpRequestMessage request) => new(request, request.RequestUri!, hostAdded: false);

    /// <summary>
    /// Replaces an address that allows several schemes, such as <c>https+http://orders</c>, by one with the first scheme. The primary handler
    /// does not understand the former.
    /// </summary>
    internal static RequestRewrite ApplyFirstScheme(HttpRequestMessage request)
    {
        var logical = request.RequestUri!;
        var end = logical.Scheme.IndexOf('+', StringComparison.Ordinal);
        if (end > 0 && LogicalAddress.IsHttp(logical.Scheme))
        {
            var origin = AddressText.GetOrigin(logical);
            request.RequestUri = CreateAddress(new EndpointAddress(new Uri(string.Concat(logical.Scheme.AsSpan(0, end), origin.AsSpan(logical.Scheme.Length)))), logical.PathAndQuery);
        }

        // No endpoint stands behind the name, so a redirect to it goes to the address that is sent.
        request.SetLogicalAddress(request.RequestUri!);
        return new RequestRewrite(request, logical, hostAdded: false);
    }

    /// <summary>
    /// Gives the response of a redirected request a request of its own. That one has the final address, as <see cref="HttpClient"/> leaves it, with
    /// the logical name in place of the endpoint's. Call this before <see cref="Undo"/>.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <param name="endpoint">The endpoint's address, or <see langword="null"/> if the request was sent to its own address.</param>
    internal void ShowFinalAddress(HttpResponseMessage response, EndpointAddress? endpoint)
    {
        // The RedirectHandler has made a copy. A primary handler that follows redirects by itself has changed the request.
        var final = response.RequestMessage;
        if (final is null || ReferenceEquals(final, _request))
        {
            final = RequestCopy.Of(_request);
            response.RequestMessage = final;
        }

        if (_hostAdded)
        {
            final.Headers.Host = null;
        }

        if (endpoint is not null && final.RequestUri is { } address && HaveSameOrigin(address, _sent))
        {
            final.RequestUri = ToLogical(address, endpoint);
        }
    }

    /// <summary>Restores the request as the caller made it, so that another attempt can rewrite it.</summary>
    internal void Undo()
    {
        try
        {
            var isRedirected = IsRedirected;
            _request.RequestUri = _logical;
            if (isRedirected)
            {
                // The redirect may have changed the request to a GET without content.
                _request.Method = _method;
                _request.Content = _content;
            }
            else
            {
                Upload.Restore(_request);
            }
        }
        catch (ObjectDisposedException)
        {
            // An outer hedging handler may have given up this attempt and disposed its request.
            return;
        }

        if (_hostAdded)
        {
            _request.Headers.Host = null;
        }
    }

    /// <summary>Tells whether two addresses have the same scheme, host and port.</summary>
    internal static bool HaveSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Makes an address of an endpoint's scheme, host, port and base path, and a path and query, which are kept byte for byte.
    /// </summary>
    internal static Uri CreateAddress(EndpointAddress endpoint, ReadOnlySpan<char> pathAndQuery)
    {
        // The path and query are escaped already. Without this option, parsing would change them again: remove dot segments and unescape %41.
        var asIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        return new Uri(string.Concat(endpoint.Prefix, pathAndQuery), in asIs);
    }

    // The balancer puts the base path before the path of a logical address.
    private Uri ToLogical(Uri address, EndpointAddress endpoint)
    {
        var path = address.PathAndQuery.AsSpan();
        var basePath = endpoint.BasePath;
        if (path.StartsWith(basePath) && (path.Length == basePath.Length || path[basePath.Length] is '/' or '?'))
        {
            path = path[basePath.Length..];
        }

        return new Uri($"{AddressText.GetOrigin(_logical)}{(path is ['/', ..] ? "" : "/")}{path}{address.Fragment}");
    }
}
