using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests.Discovery;

/// <summary>These tests fail if a new version of Microsoft.Extensions.ServiceDiscovery changes what the library knows of its internals.</summary>
public sealed class ServiceDiscoveryInternalsTests
{
    private static readonly Assembly Library = typeof(ServiceEndpointResolver).Assembly;

    [Theory]
    [InlineData(ServiceDiscoveryInternals.PassThroughProvider, typeof(IServiceEndpointProvider))]
    public void A_type_still_has_its_name(string name, Type kind)
    {
        var type = Library.GetType(name);

        Assert.True(
            kind.IsAssignableFrom(type),
            $"Microsoft.Extensions.ServiceDiscovery {Library.GetName().Version} has no {kind.Name} named {name}. Find its new name, and write it in {nameof(ServiceDiscoveryInternals)}.");
    }

    [Fact]
    public void The_only_handler_that_delegates_is_the_one_that_AddServiceDiscovery_adds()
    {
        var handler = Assert.Single(Library.GetTypes(), static type => type.IsAssignableTo(typeof(DelegatingHandler)));

        Assert.Equal("ResolvingHttpDelegatingHandler", handler.Name);
    }

    [Fact]
    public async Task The_resolver_and_the_configuration_provider_are_still_made_from_their_registrations()
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddLogging()
            .AddServiceDiscovery()
            .BuildServiceProvider();

        await using var resolver = ServiceDiscoveryInternals.CreateResolver(services);

        Assert.NotSame(services.GetRequiredService<ServiceEndpointResolver>(), resolver);
        Assert.Equal("ConfigurationServiceEndpointProviderFactory", ServiceDiscoveryInternals.CreateConfigurationFactory(services).GetType().Name);
    }
}
