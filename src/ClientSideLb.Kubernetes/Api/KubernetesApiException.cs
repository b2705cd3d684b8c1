using System.Net;

namespace ClientSideLb.Kubernetes.Api;

/// <summary>The API server did not do what it was asked. The message says why, and what to do about it.</summary>
internal sealed class KubernetesApiException(string message, string errorType, HttpStatusCode? status = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Gets the kind of the failure, as it stands in metrics.</summary>
    internal string ErrorType { get; } = errorType;

    /// <summary>Gets the status, or <see langword="null"/> if there was no answer or it could not be read.</summary>
    internal HttpStatusCode? Status { get; } = status;

    /// <summary>Gets the time that the API server asks to wait.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets a value indicating whether the version that was asked for is no longer there, so that a new list is needed.</summary>
    internal bool IsGone => Status == HttpStatusCode.Gone;

    internal bool IsForbidden => Status == HttpStatusCode.Forbidden;
}
