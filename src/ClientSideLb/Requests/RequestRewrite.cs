using ClientSideLb.Endpoints;

namespace ClientSideLb.Requests;

/// <summary>Points a request at an endpoint for the time of one attempt, and undoes that afterwards.</summary>
internal readonly struct RequestRewrite
{
    private readonly HttpRequestMessage _request;
    private readonly Uri _logical;
    private readonly Uri _sent;
    private readonly HttpMethod _method;
    private readonly HttpContent? _content;
    private readonly bool _hostAdded;

    // The request's address is the one that it is sent to by now.
    private RequestRewrite(HttpRequestMessage request, Uri logical, bool hostAdded)
    {
        _request = request;
        _logical = logical;
        _sent = request.RequestUri!;
        _method = request.Method;
        _content = request.Content;
        _hostAdded = hostAdded;
    }

    /// <summary>Gets a value indicating whether a handler below has changed the request's address, as who follows a redirect does. Asked before <see cref="Undo"/>.</summary>
    internal bool IsRedirected => !ReferenceEquals(_request.RequestUri, _sent);

    /// <summary>Gets a value indicating whether the request has ended up at another place than the endpoint. Asked before <see cref="Undo"/>.</summary>
    internal bool IsElsewhere => IsRedirected && !HaveSameOrigin(_request.RequestUri!, _sent);

    /// <param name="request">The request.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="mode">Which host the request is to name.</param>
    /// <param name="cache">The addresses that have been rewritten before, where requests repeat theirs.</param>
    internal static RequestRewrite Apply(HttpRequestMessage request, ClusterEndpoint endpoint, HostHeaderMode mode, RewriteCache? cache = null)
    {
        var logical = request.RequestUri!;

        // The headers last: to ask for them makes them, 120 bytes that a request without any does not need.
        var host = HostHeaderRules.GetName(endpoint, logical, mode);
        var isAdded = host is not null && request.Headers.Host is null;
        if (isAdded)
        {
            request.Headers.Host = host;
        }

        request.RequestUri = cache is null ? AddressAt(endpoint.Location, logical.PathAndQuery) : cache.AddressAt(endpoint.Location, logical);
        return new RequestRewrite(request, logical, isAdded);
    }

    /// <summary>Makes an address that allows several schemes, which only a balancer understands, one of the first scheme.</summary>
    internal static RequestRewrite FirstScheme(HttpRequestMessage request)
    {
        var logical = request.RequestUri!;
        var end = logical.Scheme.IndexOf('+', StringComparison.Ordinal);
        if (end > 0)
        {
            request.RequestUri = AddressAt(new EndpointAddress(new Uri($"{logical.Scheme[..end]}://{logical.Authority}/")), logical.PathAndQuery);
        }

        return new RequestRewrite(request, logical, hostAdded: false);
    }

    /// <summary>Gives the request back as the caller made it, so that another attempt starts from there.</summary>
    internal void Undo()
    {
        try
        {
            var isRedirected = IsRedirected;
            _request.RequestUri = _logical;
            if (isRedirected)
            {
                // The redirect may have made a GET without content of it.
                _request.Method = _method;
                _request.Content = _content;
            }
        }
        catch (ObjectDisposedException)
        {
            // A hedging handler outside may have given up on this attempt and disposed of its request: nothing to give back.
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

    /// <summary>Puts the endpoint's scheme, host, port and base path before the path and query, which stay byte for byte.</summary>
    internal static Uri AddressAt(EndpointAddress endpoint, ReadOnlySpan<char> pathAndQuery)
    {
        // Path and query are escaped already. Without this option parsing would touch them again: compress dots, unescape %41.
        var asIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        return new Uri(string.Concat(endpoint.Prefix, pathAndQuery), in asIs);
    }
}
