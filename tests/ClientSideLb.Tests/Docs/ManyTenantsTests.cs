using System.Collections.Concurrent;
using ClientSideLb.Tests.Functional;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The code of docs/many-tenants.md does what the page says, against a real server.</summary>
public sealed class ManyTenantsTests
{
    private readonly ConcurrentQueue<string> _received = new();

    [Fact]
    public async Task One_client_sends_the_token_of_each_request_s_tenant()
    {
        await using var backend = await Backend.StartAsync(AnswerAsync);
        var tokens = new Tokens();
        await using var services = Build(backend, services =>
        {
            services.AddSingleton<SnippetsManyTenants.ITenantTokens>(tokens);
            SnippetsManyTenants.AddClient(services);
        });
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        await SnippetsManyTenants.SendAsync(http);
        tokens.Suffix = "-new";
        await SnippetsManyTenants.SendAsync(http);

        Assert.Equal(["Bearer contoso", "Bearer contoso-new"], _received);
    }

    private static ServiceProvider Build(Backend backend, Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("Services:orders:http:0", (string?)backend.Address.OriginalString)])
            .Build());
        add(services);
        return services.BuildServiceProvider();
    }

    private Task AnswerAsync(HttpContext context)
    {
        _received.Enqueue(context.Request.Headers.Authorization.ToString());
        return context.Response.WriteAsync("ok");
    }

    private sealed class Tokens : SnippetsManyTenants.ITenantTokens
    {
        internal string Suffix { get; set; } = "";

        public ValueTask<string> GetTokenAsync(string tenant, CancellationToken cancellationToken) => new(tenant + Suffix);
    }
}
