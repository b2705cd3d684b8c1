namespace Showdown;

/// <summary>An argument is wrong. The message says which one, and what is expected.</summary>
internal sealed class UsageException(string message) : Exception(message);
