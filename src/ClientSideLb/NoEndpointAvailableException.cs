namespace ClientSideLb;

/// <summary>There is no endpoint to send a request to. The message says what was asked for, what was found, and what to do.</summary>
public sealed class NoEndpointAvailableException : HttpRequestException
{
    /// <summary>Creates an exception without a message of its own.</summary>
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
}
