using ClientSideLb;
using FreshApps;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

Backend[] listed = [Backend.Start(), Backend.Start(), Backend.Start()];
Backend[] found = [Backend.Start(), Backend.Start(), Backend.Start()];

var services = new ServiceCollection();
services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
    .AddInMemoryCollection(found.Select((backend, index) => KeyValuePair.Create($"Services:found:http:{index}", (string?)backend.Address.OriginalString)))
    .Build());

// What it does to hash, to compare latencies and to hedge are in other packages.
services.AddHttpClient("listed").AddLoadBalancing(options =>
{
    options.Strategy = LoadBalancingStrategies.RoundRobin;
    options.Failover.HedgingDelay = TimeSpan.FromSeconds(1);
    foreach (var backend in listed)
    {
        options.Endpoints.Add(new EndpointOptions { Address = backend.Address });
    }
});
services.AddHttpClient("hashed", http => http.BaseAddress = new Uri("http://found")).AddLoadBalancing(options =>
{
    options.Strategy = LoadBalancingStrategies.ConsistentHash;
    options.HashKeySelector = request => request.RequestUri!.AbsolutePath;
});

// With this, service discovery resolves a name that nobody knows to the name itself.
services.AddServiceDiscovery();
services.AddHttpClient("found").AddServiceDiscovery().AddLoadBalancing(options => options.Strategy = LoadBalancingStrategies.RoundRobin);
services.AddHttpClient("unknown").AddLoadBalancing();

await using var provider = services.BuildServiceProvider();
var clients = provider.GetRequiredService<IHttpClientFactory>();
var root = new Uri("/", UriKind.Relative);

await Check.OutlivesBackendAsync("Listed", clients.CreateClient("listed"), root, listed);
await Check.OutlivesBackendAsync("Found", clients.CreateClient("found"), root, found);

using var hashed = clients.CreateClient("hashed");
Check.Equal("Hashed, the same key at the same backend", await hashed.GetStringAsync("/key"), await hashed.GetStringAsync("/key"));

using var unknown = clients.CreateClient("unknown");
Check.Equal("Unknown, passed through", listed[1].Address.Authority, await unknown.GetStringAsync(listed[1].Address));
Check.Equal("Unknown services", 1, provider.GetRequiredService<IClusterRegistry>().UnknownServices.Count);
