using System.Net;

namespace ClientSideLb;

/// <summary>The API server of Kubernetes did not answer, or gave an answer that cannot be used.</summary>
public sealed class KubernetesDiscoveryException : Exception
{
    /// <summary>Initializes the exception.</summary>
    public KubernetesDiscoveryException()
    {
    }

    /// <summary>Initializes the exception with a message.</summary>
    /// <param name="message">The message.</param>
    public KubernetesDiscoveryException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public KubernetesDiscoveryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the kind of failure: a status of HTTP, or a word.</summary>
    internal string ErrorType { get; init; } = "other";

    /// <summary>Gets the status, or <see langword="null"/> if there was no answer or it could not be read.</summary>
    internal HttpStatusCode? Status { get; init; }

    /// <summary>Gets how long the API server asks to wait, or <see langword="null"/>.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets a value indicating whether the version that was asked for is no longer there, so that a new list is needed.</summary>
    internal bool IsGone => Status == HttpStatusCode.Gone;

    internal bool IsForbidden => Status == HttpStatusCode.Forbidden;
}
