namespace ClientSideLb;

/// <summary>There is no endpoint to send a request to. The message says what was asked for, what was found, and what to do.</summary>
public sealed class NoEndpointAvailableException : HttpRequestException
{
    /// <summary>Creates an exception with a default message.</summary>
    public NoEndpointAvailableException()
        : this("No endpoint is available.")
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">What was asked for and what was found.</param>
    public NoEndpointAvailableException(string? message)
        : this(message, innerException: null)
    {
    }

    /// <summary>Creates an exception with a message and a cause.</summary>
    /// <param name="message">What was asked for and what was found.</param>
    /// <param name="innerException">Why nothing was found, such as the failure of service discovery.</param>
    public NoEndpointAvailableException(string? message, Exception? innerException)
        : base(HttpRequestError.ConnectionError, message, innerException)
    {
    }

    /// <summary>Creates an exception with a message, a reason and a cause.</summary>
    /// <param name="message">What was asked for and what was found.</param>
    /// <param name="clientName">The name of the client.</param>
    /// <param name="serviceName">The name of the service.</param>
    /// <param name="reason">Why there was no endpoint.</param>
    /// <param name="innerException">Why nothing was found, such as the failure of service discovery.</param>
    /// <exception cref="ArgumentNullException"><paramref name="clientName"/> or <paramref name="serviceName"/> is <see langword="null"/>.</exception>
    public NoEndpointAvailableException(
        string? message, string clientName, string serviceName, NoEndpointReason reason, Exception? innerException = null)
        : this(message, innerException)
    {
        ArgumentNullException.ThrowIfNull(clientName);
        ArgumentNullException.ThrowIfNull(serviceName);
        ClientName = clientName;
        ServiceName = serviceName;
        Reason = reason;
    }

    /// <summary>Gets the name of the client that the request was sent by.</summary>
    /// <value>Empty if the exception was created without it.</value>
    public string ClientName { get; } = "";

    /// <summary>Gets the name of the service that the request was sent to.</summary>
    /// <value>Empty if the exception was created without it.</value>
    public string ServiceName { get; } = "";

    /// <summary>Gets why there was no endpoint.</summary>
    public NoEndpointReason Reason { get; }
}
