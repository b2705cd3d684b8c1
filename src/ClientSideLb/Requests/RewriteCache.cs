using ClientSideLb.Endpoints;

namespace ClientSideLb.Requests;

/// <summary>The rewritten addresses that the requests of one client repeat. Safe for many threads, without a lock.</summary>
/// <param name="table">The addresses of all clients.</param>
internal sealed class RewriteCache(RewriteTable table)
{
    // It remembers how the client's addresses begin, so clients do not share it.
    private readonly PathReader _paths = new();

    /// <summary>Gets the address at an endpoint for a request's logical address.</summary>
    internal Uri GetAddress(EndpointAddress endpoint, Uri logical) => table.GetAddress(endpoint, _paths.GetPathAndQuery(logical));
}
