using ClientSideLb.Strategies;

namespace ClientSideLb.Requests;

/// <summary>Makes failures that the client of gRPC takes for failures of the servers.</summary>
/// <remarks>
/// <c>Grpc.Net.Client</c> gives a call the status <c>Unavailable</c> if an <see cref="IOException"/> or a socket's exception is among the causes. Otherwise the
/// status is <c>Internal</c>, which says that the client is broken. Retry policies repeat only the first.
/// </remarks>
internal static class GrpcFailure
{
    /// <summary>Gets the cause for an exception that the library makes: the same one, or for a gRPC call one that speaks of the network.</summary>
    internal static Exception? GetCause(HttpRequestMessage request, string message, Exception? cause) =>
        GrpcStatus.IsGrpc(request) ? new IOException(message, cause) : cause;
}
