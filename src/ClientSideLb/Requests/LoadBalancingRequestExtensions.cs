using System.Net;
using ClientSideLb.Strategies;

namespace ClientSideLb;

/// <summary>Lets a caller set the hash key or the client address of a request, and read which endpoint the request was sent to.</summary>
public static class LoadBalancingRequestExtensions
{
    private static readonly HttpRequestOptionsKey<string> HashKey = new("ClientSideLb.HashKey");
    private static readonly HttpRequestOptionsKey<IPAddress> ClientIp = new("ClientSideLb.ClientIp");

    private static readonly HttpRequestOptionsKey<Uri> LogicalAddress = new("ClientSideLb.LogicalAddress");

    // The value is a ClusterEndpoint if the request has been sent to one, or a TriedEndpoints if it may be sent to several.
    private static readonly HttpRequestOptionsKey<object> Tried = new("ClientSideLb.Tried");

    /// <summary>
    /// Sets the key by which <see cref="LoadBalancingStrategies.ConsistentHash"/> and <see cref="LoadBalancingStrategies.Maglev"/> choose the endpoint of this request. It takes precedence
    /// over <see cref="LoadBalancingOptions.HashKeySelector"/> and <see cref="LoadBalancingOptions.HashKey"/>.
    /// </summary>
    /// <param name="request">The request, before it is sent.</param>
    /// <param name="key">The key, such as the id of a user or a document. It is not sent to the endpoint.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static void SetHashKey(this HttpRequestMessage request, string key)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(key);
        request.Options.Set(HashKey, key);
    }

    /// <summary>
    /// Sets the address of the caller that this request is sent for. <see cref="LoadBalancingStrategies.IpHash"/> chooses the endpoint by it.
    /// </summary>
    /// <param name="request">The request, before it is sent.</param>
    /// <param name="address">The caller's address. It is not sent to the endpoint.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static void SetClientIp(this HttpRequestMessage request, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(address);
        request.Options.Set(ClientIp, address);
    }

    /// <summary>Gets the endpoint to which the latest attempt of this request was sent.</summary>
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

    /// <summary>Stores the address of a request as its caller wrote it. Handlers below the balancer see that of the endpoint.</summary>
    internal static void SetLogicalAddress(this HttpRequestMessage request, Uri address) => request.Options.Set(LogicalAddress, address);

    /// <summary>Gets the address of a request as its caller wrote it, or <see langword="null"/> if the request does not come from a balancer.</summary>
    internal static Uri? GetLogicalAddress(this HttpRequestMessage request) =>
        request.Options.TryGetValue(LogicalAddress, out var address) ? address : null;

    /// <summary>
    /// Gets the list of endpoints that this request has been sent to, and adds it to the request if there is none. The request holds the
    /// list, so that retries by an outer handler share it.
    /// </summary>
    internal static TriedEndpoints GetOrAddTriedEndpoints(this HttpRequestMessage request)
    {
        _ = request.Options.TryGetValue(Tried, out var tried);
        if (tried is not TriedEndpoints list)
        {
            list = new TriedEndpoints(tried as ClusterEndpoint);
            request.Options.Set(Tried, list);
        }

        return list;
    }

    /// <summary>
    /// Gets the endpoints that this request avoids, or <see langword="null"/> if there is no list of them. The endpoint of one good answer is none of them:
    /// a handler that sends the request again, with a token for example, reaches the same one.
    /// </summary>
    internal static TriedEndpoints? FindTriedEndpoints(this HttpRequestMessage request) =>
        request.Options.TryGetValue(Tried, out var tried) ? tried as TriedEndpoints : null;

    /// <summary>Forgets an endpoint that answered this request well.</summary>
    internal static void ForgetTriedEndpoint(this HttpRequestMessage request, ClusterEndpoint endpoint) => request.FindTriedEndpoints()?.Remove(endpoint);

    /// <summary>
    /// Stores the first endpoint of a request that has no list. Nearly every request is sent to one endpoint, so no list is allocated for it.
    /// </summary>
    internal static void SetFirstEndpoint(this HttpRequestMessage request, ClusterEndpoint endpoint) => request.Options.Set(Tried, endpoint);
}
