namespace ClientSideLb.Tests.Functional;

/// <summary>A request as a backend received it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The request target, byte for byte.</param>
/// <param name="Host">The <c>Host</c> header.</param>
/// <param name="ServerName">The name in the TLS handshake, if there was one.</param>
internal sealed record ReceivedRequest(string Method, string Target, string Host, string? ServerName);
