namespace GatewayContrast;

/// <summary>A way for requests to reach the backends.</summary>
/// <param name="Client">Who sends them.</param>
/// <param name="Gateway">What stands between, or <see langword="null"/> where nothing does.</param>
internal sealed record Way(HttpClient Client, ServerProcess? Gateway);
