namespace ClientSideLb.Health;

/// <summary>Finds out whether a probe was answered by another address than the endpoint's.</summary>
internal static class ProbeRedirect
{
    /// <summary>
    /// Tells whether the primary handler has followed a redirect. Some follow redirects and cannot be changed, see
    /// <see cref="Requests.AutoRedirect"/>. They change the request's address, and the endpoint's own response is lost, except that it was a redirect.
    /// </summary>
    internal static bool IsFromElsewhere(HttpRequestMessage request, HttpResponseMessage response, Uri sent) =>
        !ReferenceEquals(request.RequestUri, sent) || (response.RequestMessage?.RequestUri is { } answered && answered != sent);
}
