using ClientSideLb.Requests;

namespace ClientSideLb.Failover;

/// <summary>Sends requests through the handlers below the balancer.</summary>
internal interface IRequestSender
{
    Task<HttpResponseMessage> SendAsync(Attempt attempt);

    HttpResponseMessage Send(Attempt attempt);

    /// <summary>Tells whether the primary handler threw the exception of a request that was just sent, and not another handler in between.</summary>
    bool IsFromPrimary(HttpRequestMessage request, Exception failure);
}
