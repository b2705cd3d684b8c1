namespace ClientSideLb.Benchmarks;

/// <summary>The arguments are wrong; the message says what is and what is expected.</summary>
internal sealed class UsageException(string message) : Exception(message);
