using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Discovery;

/// <summary>
/// The internals of Microsoft.Extensions.ServiceDiscovery that this library relies on: the name of a type, which handlers it has, and two registrations. A test
/// fails if a new version changes one of them.
/// </summary>
internal static class ServiceDiscoveryInternals
{
    /// <summary>The provider that resolves every name to the name itself.</summary>
    internal const string PassThroughProvider = "Microsoft.Extensions.ServiceDiscovery.PassThrough.PassThroughServiceEndpointProvider";

    /// <summary>
    /// Tells whether a handler is the one that <c>AddServiceDiscovery()</c> adds to a client. Its type is not public, and its assembly has no other handler
    /// that delegates.
    /// </summary>
    internal static bool IsResolvingHandler(DelegatingHandler handler) => handler.GetType().Assembly == typeof(ServiceEndpointResolver).Assembly;

    /// <summary>
    /// Tells whether an endpoint comes from the pass-through provider. That one adds itself to the features of its endpoints.
    /// </summary>
    internal static bool IsPassThrough(ServiceEndpoint endpoint) =>
        endpoint.Features.Get<IServiceEndpointProvider>()?.GetType().FullName == PassThroughProvider;

    /// <summary>
    /// Makes the resolver with the factory of its registration, so that the container does not own it. The resolver is only disposable
    /// asynchronously, and a container that owns it could not be disposed with <c>using</c>.
    /// </summary>
    internal static ServiceEndpointResolver CreateResolver(IServiceProvider services)
    {
        var registration = FindRegistration(new ServiceCollection().AddServiceDiscoveryCore(), typeof(ServiceEndpointResolver));
        return registration.ImplementationFactory is { } factory
            ? (ServiceEndpointResolver)factory(services)
            : throw CreateUnknownVersionException($"registers {nameof(ServiceEndpointResolver)} without a factory");
    }

    /// <summary>Makes the factory of the configuration provider. Its type is not public.</summary>
    internal static IServiceEndpointProviderFactory CreateConfigurationFactory(IServiceProvider services)
    {
        var registration = FindRegistration(new ServiceCollection().AddConfigurationServiceEndpointProvider(), typeof(IServiceEndpointProviderFactory));
        return registration.ImplementationType is { } type
            ? (IServiceEndpointProviderFactory)ActivatorUtilities.CreateInstance(services, type)
            : throw CreateUnknownVersionException($"registers {nameof(IServiceEndpointProviderFactory)} without a type");
    }

    private static ServiceDescriptor FindRegistration(IServiceCollection services, Type type)
    {
        ServiceDescriptor[] found = [.. services.Where(descriptor => descriptor.ServiceType == type)];
        return found is [var only] ? only : throw CreateUnknownVersionException($"registers {type.Name} {found.Length} times");
    }

    private static InvalidOperationException CreateUnknownVersionException(string what) => new(
        $"This version of Microsoft.Extensions.ServiceDiscovery ({typeof(ServiceEndpointResolver).Assembly.GetName().Version}) {what}, which ClientSideLb does not know. Use the version that ClientSideLb depends on.");
}
