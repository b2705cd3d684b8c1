namespace ClientSideLb;

/// <summary>DNS did not answer the first lookup of a service, or gave an answer that cannot be used.</summary>
public sealed class DnsDiscoveryException : Exception
{
    /// <summary>Initializes the exception.</summary>
    public DnsDiscoveryException()
    {
    }

    /// <summary>Initializes the exception with a message.</summary>
    /// <param name="message">The message.</param>
    public DnsDiscoveryException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public DnsDiscoveryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
