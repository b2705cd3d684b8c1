namespace ClientSideLb.Failover;

/// <summary>Sends requests through the handlers below the balancer.</summary>
internal interface IRequestSender
{
    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken);

    HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken);
}
