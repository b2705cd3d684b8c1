using ClientSideLb.Endpoints;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Discovery;

/// <summary>What a source found when it was asked.</summary>
/// <param name="Endpoints">The endpoints, none if the service is known to have none now.</param>
/// <param name="IsPassThrough">Whether the name is not a service's at all, and requests go to it as they are.</param>
/// <param name="Changed">Fires when it is worth asking again.</param>
internal sealed record ResolvedEndpoints(IReadOnlyList<EndpointDescription> Endpoints, bool IsPassThrough, IChangeToken Changed);
