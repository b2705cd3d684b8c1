using ClientSideLb;
using Microsoft.Extensions.DependencyInjection;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

// Three backends, each at a free port of this machine.
WireMockServer[] backends = [.. Enumerable.Range(1, 3).Select(static number =>
{
    var backend = WireMockServer.Start();
    backend.Given(Request.Create()).RespondWith(Response.Create().WithBody($"backend {number}"));
    return backend;
})];

// The client: each request goes to the next backend.
var services = new ServiceCollection();
services.AddHttpClient("api").AddLoadBalancing(options =>
{
    options.Strategy = LoadBalancingStrategies.RoundRobin;
    foreach (var backend in backends)
    {
        options.Endpoints.Add(new EndpointOptions { Address = new Uri(backend.Url!) });
    }
});
await using var provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

await SendTenAsync("All backends are up:");
backends[1].Stop();
await SendTenAsync("Backend 2 has stopped, and no request fails:");

async Task SendTenAsync(string title)
{
    Console.WriteLine(title);
    for (var number = 1; number <= 10; number++)
    {
        Console.WriteLine($"  request {number,2}: {await client.GetStringAsync("/hello")}");
    }
}
