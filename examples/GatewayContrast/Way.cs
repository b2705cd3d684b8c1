namespace GatewayContrast;

/// <summary>One way for requests to reach the backends.</summary>
/// <param name="Client">The client that sends the requests.</param>
/// <param name="Gateway">The gateway that passes them on, or <see langword="null"/> if the client sends them to the backends itself.</param>
internal sealed record Way(HttpClient Client, ServerProcess? Gateway);
