using ClientSideLb.Endpoints;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Discovery;

/// <summary>The result of a query of a source.</summary>
/// <param name="Endpoints">The endpoints. Empty if the service has none now.</param>
/// <param name="IsPassThrough">Whether the name is not that of a service, so that requests are sent to their own address.</param>
/// <param name="ChangeToken">Fires when the endpoints may have changed.</param>
internal sealed record ResolvedEndpoints(IReadOnlyList<EndpointDescription> Endpoints, bool IsPassThrough, IChangeToken ChangeToken);
