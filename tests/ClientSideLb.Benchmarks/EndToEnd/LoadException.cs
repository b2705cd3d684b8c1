namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>The measurement cannot be made; the message says why.</summary>
internal sealed class LoadException(string message, Exception? cause = null) : Exception(message, cause);
