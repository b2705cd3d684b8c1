using System.Net;
using ClientSideLb.Strategies;

namespace ClientSideLb;

/// <summary>What a caller can tell the balancer about a request, and learn from it.</summary>
public static class LoadBalancingRequestExtensions
{
    private static readonly HttpRequestOptionsKey<string> HashKey = new("ClientSideLb.HashKey");
    private static readonly HttpRequestOptionsKey<IPAddress> ClientIp = new("ClientSideLb.ClientIp");

    // The one endpoint that a request has been sent to, or a list of them where it may be sent to several.
    private static readonly HttpRequestOptionsKey<object> Tried = new("ClientSideLb.Tried");

    /// <summary>
    /// Sets the key by which <see cref="LoadBalancingStrategies.ConsistentHash"/> chooses the endpoint of this request. It comes
    /// before what the options say.
    /// </summary>
    /// <param name="request">The request, not sent yet.</param>
    /// <param name="key">The key, such as a user's or a document's id. It is not sent.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static void SetHashKey(this HttpRequestMessage request, string key)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(key);
        request.Options.Set(HashKey, key);
    }

    /// <summary>Sets the caller on whose behalf this request is sent, by which <see cref="LoadBalancingStrategies.IpHash"/> chooses its endpoint.</summary>
    /// <param name="request">The request, not sent yet.</param>
    /// <param name="address">The caller's address. It is not sent.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static void SetClientIp(this HttpRequestMessage request, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(address);
        request.Options.Set(ClientIp, address);
    }

    /// <summary>Gets the endpoint that the latest attempt of this request went to.</summary>
    /// <param name="request">The request, such as <see cref="HttpResponseMessage.RequestMessage"/> of its response.</param>
    /// <returns>The endpoint, or <see langword="null"/> if the request was not balanced.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    public static ClusterEndpoint? GetEndpoint(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Options.TryGetValue(Tried, out var tried) ? tried as ClusterEndpoint ?? (tried as TriedEndpoints)?.Latest : null;
    }

    internal static string? GetHashKey(this HttpRequestMessage request) =>
        request.Options.TryGetValue(HashKey, out var key) ? key : null;

    internal static IPAddress? GetClientIp(this HttpRequestMessage request) =>
        request.Options.TryGetValue(ClientIp, out var address) ? address : null;

    /// <summary>Gets the endpoints this request has been sent to. They travel with the request, so that retries of a handler outside share them.</summary>
    internal static TriedEndpoints GetTriedEndpoints(this HttpRequestMessage request)
    {
        _ = request.Options.TryGetValue(Tried, out var tried);
        if (tried is not TriedEndpoints list)
        {
            list = new TriedEndpoints(tried as ClusterEndpoint);
            request.Options.Set(Tried, list);
        }

        return list;
    }

    /// <summary>Gets the endpoints this request has been sent to, or <see langword="null"/> where it has been to none and nobody has asked for them.</summary>
    internal static TriedEndpoints? FindTriedEndpoints(this HttpRequestMessage request) =>
        request.Options.TryGetValue(Tried, out _) ? request.GetTriedEndpoints() : null;

    /// <summary>Notes the first endpoint of a request of which nobody has asked for the list: nearly every request has one, and needs no list.</summary>
    internal static void SetFirstEndpoint(this HttpRequestMessage request, ClusterEndpoint endpoint) => request.Options.Set(Tried, endpoint);
}
