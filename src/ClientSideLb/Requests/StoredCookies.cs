using System.Net;
using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>
/// The cookies that the primary handler adds to a request from its <see cref="CookieContainer"/>. It adds them below the balancer, when the
/// endpoint is known already.
/// </summary>
/// <param name="container">The container.</param>
/// <param name="cluster">The cluster whose endpoints have set the cookies.</param>
internal sealed class StoredCookies(CookieContainer container, Cluster cluster)
{
    private static readonly HttpRequestOptionsKey<StoredCookies> Key = new("ClientSideLb.StoredCookies");

    /// <summary>Lets <see cref="RequestKeys"/> find the cookies of a primary handler, if the client's hash key is a cookie.</summary>
    internal static void Attach(HttpRequestMessage request, HttpMessageHandler? primary, Route route)
    {
        if (primary is not null && route.Settings.Keys is RequestKeys { ReadsCookies: true } && route.Cluster is { } cluster
            && GetContainer(primary) is { Count: > 0 } container)
        {
            request.Options.Set(Key, new StoredCookies(container, cluster));
        }
    }

    /// <summary>
    /// Finds the value of a cookie. A container keeps the cookies of each host apart. If several endpoints have set the cookie, the first one by
    /// name gives the value. The value does not change from request to request then, so a session stays at its endpoint.
    /// </summary>
    internal static string? Find(HttpRequestMessage request, string name) =>
        request.Options.TryGetValue(Key, out var stored) ? stored.Find(name, request.RequestUri?.PathAndQuery) : null;

    private static CookieContainer? GetContainer(HttpMessageHandler primary) => primary switch
    {
        SocketsHttpHandler { UseCookies: true } sockets => sockets.CookieContainer,
        HttpClientHandler { UseCookies: true } handler => handler.CookieContainer,
        _ => null,
    };

    private string? Find(string name, string? pathAndQuery)
    {
        // Most containers do not have the cookie. That is found out without a look-up for each endpoint.
        if (!container.GetAllCookies().Any(cookie => cookie.Name == name))
        {
            return null;
        }

        var snapshot = cluster.Snapshot;
        return snapshot.Listed.Concat(snapshot.Endpoints).Distinct()
            .OrderBy(static endpoint => endpoint.HashName, StringComparer.Ordinal)
            .SelectMany(endpoint => container.GetCookies(RequestRewrite.CreateAddress(endpoint.Location, pathAndQuery)))
            .FirstOrDefault(cookie => cookie.Name == name)?.Value;
    }
}
