namespace GatewayContrast;

/// <summary>A server does not do what the show needs of it; the message says what is wrong.</summary>
internal sealed class ServerException(string message, Exception? cause = null) : Exception(message, cause);
