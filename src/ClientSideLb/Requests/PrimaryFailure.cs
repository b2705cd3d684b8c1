namespace ClientSideLb.Requests;

/// <summary>
/// Remembers on a request which exception the primary handler threw. Other handlers stand between the balancer and the primary handler, and
/// their own exceptions say nothing about the endpoint.
/// </summary>
internal static class PrimaryFailure
{
    private static readonly HttpRequestOptionsKey<Exception> Key = new("ClientSideLb.PrimaryFailure");

    internal static void Set(HttpRequestMessage request, Exception failure) => request.Options.Set(Key, failure);

    /// <summary>Tells whether an exception is the one that the primary handler threw, or was caused by it. The memory of it is cleared.</summary>
    internal static bool TakeIsCauseOf(HttpRequestMessage request, Exception thrown)
    {
        if (!request.Options.TryGetValue(Key, out var failure))
        {
            return false;
        }

        ((IDictionary<string, object?>)request.Options).Remove(Key.Key);
        for (var cause = thrown; cause is not null; cause = cause.InnerException)
        {
            if (ReferenceEquals(cause, failure))
            {
                return true;
            }
        }

        return false;
    }
}
