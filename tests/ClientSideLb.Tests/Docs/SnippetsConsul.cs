using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/consul.md.</summary>
internal static class SnippetsConsul
{
    internal static void Add(IServiceCollection services)
    {
        services.AddConsulDiscovery();
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("http://api")).AddLoadBalancing();
    }

    internal static void AddFromConfiguration(IServiceCollection services, IConfiguration configuration)
    {
        services.AddConsulDiscovery(configuration.GetSection("Consul"));
    }

    internal static void PassingOnly(IServiceCollection services)
    {
        services.AddConsulDiscovery(options => options.PassingOnly = true);
    }

    internal static void Tags(IServiceCollection services)
    {
        services.AddConsulDiscovery(options => options.Tags.Add("production"));
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("http://_v2.api")).AddLoadBalancing();
    }

    internal static void Zones(IServiceCollection services)
    {
        services.AddConsulDiscovery(options => options.ZoneMetaKey = "zone");
        services.AddHttpClient("api").AddLoadBalancing(options => options.Zone = "eu-1a");
    }

    internal static void Scheme(IServiceCollection services)
    {
        services.AddConsulDiscovery(options => options.SchemeMetaKey = "scheme");
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("https+http://api")).AddLoadBalancing();
    }

    internal static void Certificates(IServiceCollection services, X509Certificate2 certificate)
    {
        services.AddConsulDiscovery(options =>
        {
            options.Address = new Uri("https://consul.example:8501");
            options.ConfigureHandler = handler => handler.SslOptions.ClientCertificates = [certificate];
        });
    }
}
