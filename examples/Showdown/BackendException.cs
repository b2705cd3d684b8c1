namespace Showdown;

/// <summary>A backend cannot be started, or the balancer does not take it out or back in time. The message says which.</summary>
internal sealed class BackendException(string message, Exception? cause = null) : Exception(message, cause);
