namespace ClientSideLb;

/// <summary>
/// The exception that is thrown if there is no endpoint to send a request to. The message names the client and the service, says why there is
/// none, and what to do.
/// </summary>
public sealed class NoEndpointAvailableException : HttpRequestException
{
    /// <summary>Creates an exception with a default message.</summary>
    public NoEndpointAvailableException()
        : this("No endpoint is available.")
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">The message.</param>
    public NoEndpointAvailableException(string? message)
        : this(message, innerException: null)
    {
    }

    /// <summary>Creates an exception with a message and a cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause, such as the failure of service discovery.</param>
    public NoEndpointAvailableException(string? message, Exception? innerException)
        : base(HttpRequestError.ConnectionError, message, innerException)
    {
    }

    /// <summary>Creates an exception with a message, a reason and a cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="clientName">The name of the client.</param>
    /// <param name="serviceName">The name of the service.</param>
    /// <param name="reason">The reason why there was no endpoint.</param>
    /// <param name="innerException">The cause, such as the failure of service discovery.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="clientName"/> or <paramref name="serviceName"/> is <see langword="null"/>.
    /// </exception>
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

    /// <summary>Gets the name of the client that was to send the request.</summary>
    /// <value>Empty if the exception was created without it.</value>
    public string ClientName { get; } = "";

    /// <summary>Gets the name of the service that the request was for.</summary>
    /// <value>Empty if the exception was created without it.</value>
    public string ServiceName { get; } = "";

    /// <summary>Gets the reason why there was no endpoint.</summary>
    /// <value><see cref="NoEndpointReason.NoneFound"/> if the exception was created without it.</value>
    public NoEndpointReason Reason { get; }
}
