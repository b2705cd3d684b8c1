using ClientSideLb;
using Dashboard;
using Microsoft.AspNetCore.DataProtection;

// Five backends: the second is ten times slower than the others, and the last one is stopped and started again and again.
SampleBackend[] backends = [.. new[] { 20, 200, 20, 20, 20 }.Select(static milliseconds => new SampleBackend(TimeSpan.FromMilliseconds(milliseconds)))];
await Task.WhenAll(backends.Select(static backend => backend.StartAsync()));

var builder = WebApplication.CreateBuilder(args);
builder.Logging
    .SetMinimumLevel(LogLevel.Warning)
    .AddFilter("ClientSideLb", LogLevel.Information)
    .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.None);

builder.Services.AddHttpClient("orders").RemoveAllLoggers().AddLoadBalancing(options =>
{
    foreach (var backend in backends)
    {
        options.Endpoints.Add(new EndpointOptions { Address = backend.Address });
    }

    options.ActiveHealthCheck.Enabled = true;
    options.SlowStart = TimeSpan.FromSeconds(5);
});

// The data protection keys live only as long as the process. Without the last call, an unused key would be stored in the user's home.
builder.Services.AddAntiforgery().AddDataProtection().UseEphemeralDataProtectionProvider().DisableAutomaticKeyGeneration();
builder.Services.AddHealthChecks().AddLoadBalancing();
builder.Services.AddHostedService<SteadyLoad>();
builder.Services.AddHostedService(services => new Outages(backends[^1], services.GetRequiredService<TimeProvider>()));

// By default, the page is at a free port of the loopback address, which other machines cannot reach.
if (builder.Configuration["urls"] is null)
{
    builder.WebHost.UseUrls("http://127.0.0.1:0");
}

var app = builder.Build();
app.MapLoadBalancing("/load-balancing", static options => options.AllowChanges = true);
app.MapHealthChecks("/health");
await app.StartAsync();

Console.WriteLine($"""
    Open {app.Urls.First()}/load-balancing

    Five backends get 100 requests a second. {GetName(backends[1])} is ten times slower than the others and gets less.
    {GetName(backends[^1])} goes away every 20 seconds, for 15. Drain a backend, and watch its requests end.
    {app.Urls.First()}/health shows the overall health in one word. Press Ctrl+C to stop.

    """);

await app.WaitForShutdownAsync();
foreach (var backend in backends)
{
    await backend.DisposeAsync();
}

static string GetName(SampleBackend backend) => $"{backend.Address.Host}:{backend.Address.Port}";
