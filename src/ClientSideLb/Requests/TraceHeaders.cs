using System.Diagnostics;

namespace ClientSideLb.Requests;

/// <summary>
/// Gives each attempt a trace context of its own. The primary handler adds the headers of the trace context only if the request has none, so those
/// that it added for an attempt are removed before the next one. Headers that the caller set stay.
/// </summary>
internal static class TraceHeaders
{
    // The value is the list of headers that the request did not have when it was first sent.
    private static readonly HttpRequestOptionsKey<IReadOnlyCollection<string>> Added = new("ClientSideLb.TraceHeaders");

    // The runtime's source of activities for HTTP requests. A listener to it makes the primary handler add headers.
    private static readonly ActivitySource Requests = new("System.Net.Http");

    /// <summary>Prepares a request for being sent, for the first time or again.</summary>
    internal static void Prepare(HttpRequestMessage request)
    {
        if (request.Options.TryGetValue(Added, out var added))
        {
            foreach (var header in added)
            {
                request.Headers.Remove(header);
            }

            return;
        }

        // Without a trace the primary handler adds nothing, and reading the headers would allocate the collection.
        if (Activity.Current is not null || Requests.HasListeners())
        {
            var fields = DistributedContextPropagator.Current.Fields;
            request.Options.Set(Added, fields.Any(request.Headers.NonValidated.Contains) ? [.. fields.Where(field => !request.Headers.NonValidated.Contains(field))] : fields);
        }
    }
}
