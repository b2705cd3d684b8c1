namespace Quickstart;

/// <summary>A backend does not do what the show needs of it; the message says what is wrong.</summary>
internal sealed class BackendException(string message, Exception? cause = null) : Exception(message, cause);
