namespace GatewayContrast;

/// <summary>A server did not start, or ended too early. The message says which.</summary>
internal sealed class ServerException(string message, Exception? cause = null) : Exception(message, cause);
