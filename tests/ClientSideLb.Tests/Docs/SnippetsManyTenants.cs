using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/many-tenants.md.</summary>
internal static class SnippetsManyTenants
{
    internal interface ITenantTokens
    {
        ValueTask<string> GetTokenAsync(string tenant, CancellationToken cancellationToken);
    }

    internal static void AddClient(IServiceCollection services)
    {
        services.AddTransient<TenantHandler>();
        services.AddHttpClient("orders")
            .UseSocketsHttpHandler(static (handler, _) => handler.UseCookies = false)
            .AddHttpMessageHandler<TenantHandler>()
            .AddLoadBalancing();
    }

    internal static async Task SendAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "list");
        request.Options.Set(TenantHandler.Tenant, "contoso");
        using var response = await http.SendAsync(request);
    }

    internal static void AddClients(IServiceCollection services, IEnumerable<string> tenants)
    {
        var primary = new SocketsHttpHandler { UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        foreach (var tenant in tenants)
        {
            services.AddHttpClient($"orders-{tenant}", static http => http.BaseAddress = new Uri("https+http://orders/"))
                .ConfigurePrimaryHttpMessageHandler(() => primary)
                .AddLoadBalancing(static options => options.ActiveHealthCheck.Enabled = true);
        }
    }

    internal sealed class TenantHandler(ITenantTokens tokens) : DelegatingHandler
    {
        internal static readonly HttpRequestOptionsKey<string> Tenant = new("tenant");

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Options.TryGetValue(Tenant, out var tenant))
            {
                var token = await tokens.GetTokenAsync(tenant, cancellationToken);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
