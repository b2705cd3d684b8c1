using System.Net;

namespace ClientSideLb;

/// <summary>Why a probe that was answered has not passed.</summary>
internal sealed class ProbeRejectedException(string message, HttpStatusCode? status = null) : Exception(message)
{
    /// <summary>Gets the status that was not expected, if that is why.</summary>
    internal HttpStatusCode? Status => status;
}
