using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>
/// How many requests the primary handler sends to one endpoint at a time. A further request waits for another one of this client, which says nothing
/// about the endpoint.
/// </summary>
internal sealed class ConnectionLimits
{
    // The least that RFC 9113, section 6.5.2 recommends for the streams of a connection, and what most servers permit.
    private const int UsualStreams = 100;

    private readonly int _connections;
    private readonly bool _isOneHttp2Connection;

    /// <param name="primary">The primary handler.</param>
    internal ConnectionLimits(HttpMessageHandler primary)
    {
        (IsOnNetwork, _connections, _isOneHttp2Connection) = FindInnermost(primary) switch
        {
            SocketsHttpHandler sockets => (true, sockets.MaxConnectionsPerServer, !sockets.EnableMultipleHttp2Connections),
            HttpClientHandler handler => (true, handler.MaxConnectionsPerServer, true),
            _ => (false, int.MaxValue, false),
        };
    }

    /// <summary>Gets a value indicating whether the primary handler is one that sends requests over the network, as far as that is known.</summary>
    internal bool IsOnNetwork { get; }

    /// <summary>Tells whether a request may have to wait for other requests of this client before it is sent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="lease">Its lease.</param>
    internal bool MayQueue(HttpRequestMessage request, EndpointLease lease)
    {
        var inFlight = lease.Endpoint.InFlight;
        if (inFlight > _connections)
        {
            return true;
        }

        // The other requests may hold all streams. When the primary handler asks for this one's content, it has a stream.
        return request.Version.Major >= 2
            && _isOneHttp2Connection
            && (inFlight > UsualStreams || (request.Content is ISentContent && inFlight > lease.Endpoint.Waits.Read().Waiting + 1));
    }

    private static HttpMessageHandler FindInnermost(HttpMessageHandler handler) => handler switch
    {
        DelegatingHandler { InnerHandler: { } inner } => FindInnermost(inner),
        SharedPrimaryHandler shared => FindInnermost(shared.Primary),
        _ => handler,
    };
}
