namespace ClientSideLb.Failover;

/// <summary>Sends requests through the handlers below the balancer.</summary>
internal interface IRequestSender
{
    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken);

    HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken);

    /// <summary>Tells whether the primary handler threw the exception of a request that was just sent, and not another handler in between.</summary>
    bool IsFromPrimary(HttpRequestMessage request, Exception failure);
}
