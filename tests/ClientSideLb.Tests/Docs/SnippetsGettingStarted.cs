using ClientSideLb;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

// Not in the namespace of the library, as an application is not.
namespace Docs.GettingStarted;

/// <summary>The C# of docs/getting-started.md.</summary>
internal static class SnippetsGettingStarted
{
    internal static void Backend(string[] args)
    {
        var app = WebApplication.Create(args);
        app.MapGet("/", (HttpContext context) => $"Hello from port {context.Connection.LocalPort}\n");
        app.Run();
    }

    internal static void Client(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://localhost:5001") });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://localhost:5002") });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://localhost:5003") });
        });

        var app = builder.Build();
        app.MapGet("/", (IHttpClientFactory factory) => factory.CreateClient("api").GetStringAsync("/"));
        app.Run();
    }

    internal static void FromConfiguration(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient("api").AddLoadBalancing(builder.Configuration.GetSection("LoadBalancing:api"));
    }

    internal static void ByDiscovery(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient("api").AddLoadBalancing();
    }
}
