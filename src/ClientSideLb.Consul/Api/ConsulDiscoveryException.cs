namespace ClientSideLb;

/// <summary>Consul did not answer, or gave an answer that cannot be used.</summary>
public sealed class ConsulDiscoveryException : Exception
{
    /// <summary>Initializes the exception.</summary>
    public ConsulDiscoveryException()
    {
    }

    /// <summary>Initializes the exception with a message.</summary>
    /// <param name="message">The message.</param>
    public ConsulDiscoveryException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public ConsulDiscoveryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the kind of failure: a status of HTTP, or a word.</summary>
    internal string ErrorType { get; init; } = "other";

    /// <summary>Gets how long Consul asks to wait, or <see langword="null"/>.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}
