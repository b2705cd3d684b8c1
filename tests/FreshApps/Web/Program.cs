using System.Net;
using ClientSideLb;
using ClientSideLb.Simulator;
using FreshApps;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

Backend[] backends = [Backend.Start(), Backend.Start(), Backend.Start()];

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Configuration.AddInMemoryCollection(
    backends.Select((backend, index) => KeyValuePair.Create($"Services:api:http:{index}", (string?)backend.Address.OriginalString)));

// Each of them leaves alone what configuration lists.
builder.Services.AddConsulDiscovery();
builder.Services.AddDnsDiscovery();
builder.Services.AddKubernetesDiscovery();
builder.Services.AddLoadBalancingClientIp();
builder.Services.AddHealthChecks().AddLoadBalancing();
builder.Services.AddHttpClient("api").AddLoadBalancing(options => options.Strategy = LoadBalancingStrategies.RoundRobin);

await using var app = builder.Build();
app.MapLoadBalancing("/load-balancing");
app.MapHealthChecks("/health");
app.MapGet("/relay", (IHttpClientFactory clients) => clients.CreateClient("api").GetStringAsync("/"));
await app.StartAsync();

using var caller = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
await Check.OutlivesBackendAsync("Relayed", caller, new Uri("/relay", UriKind.Relative), backends);

using var page = await caller.GetAsync(new Uri("/load-balancing", UriKind.Relative));
Check.Equal("The page", HttpStatusCode.OK, page.StatusCode);
using var health = await caller.GetAsync(new Uri("/health", UriKind.Relative));
Check.Equal("The health check", HttpStatusCode.OK, health.StatusCode);

var result = Simulation.Run(new Scenario
{
    Clients = [new ClientGroup { Arrivals = new PoissonArrivals { Rate = 100 } }],
    Backends = [new BackendGroup { Count = 3, Concurrency = 8, Service = new LognormalTime { Mean = TimeSpan.FromMilliseconds(15) } }],
});
Check.Equal("Simulated failures", 0, result.ErrorRate);
