using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb;

/// <summary>
/// A provider of service discovery that accepts names before it has asked whether they exist. A request to a name that no provider knows
/// is sent to that name itself.
/// </summary>
public interface INameAwareEndpointProvider : IServiceEndpointProvider
{
    /// <summary>Gets a value indicating whether the name is that of a service, even if the service has no endpoint now.</summary>
    /// <value>
    /// <see langword="false"/> if the source was asked and does not know the name; otherwise <see langword="true"/>, also before the first answer.
    /// A provider that the factory creates later for the same query must give the same value. The property is read from any thread.
    /// </value>
    bool KnowsName { get; }
}
