using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Polly;
using Shop.Api;

var builder = WebApplication.CreateBuilder(args);

// The client of the catalog. Handlers that are added first are outside: the resilience handler limits the time of a request with all its attempts.
var catalog = builder.Services.AddHttpClient<CatalogClient>("catalog").RemoveAllLoggers();
catalog.AddStandardResilienceHandler(static options =>
{
    // The balancer already moves a failed request to another replica. With retries here as well, one request could become twelve.
    options.Retry.ShouldHandle = static _ => PredicateResult.False();
});
catalog.AddLoadBalancing(builder.Configuration.GetSection("LoadBalancing:catalog"));

builder.Services.AddProblemDetails();
builder.Services.AddHealthChecks().AddLoadBalancing();
builder.Services.AddOpenTelemetry()
    .ConfigureResource(static resource => resource.AddService("shop-api"))
    .WithMetrics(static metrics => metrics
        .AddMeter("ClientSideLb", "Microsoft.AspNetCore.Hosting", "System.Net.Http")
        .AddPrometheusExporter());

// Whoever may see the live page signs in with a cookie, because a browser cannot send a bearer token when it opens a page.
builder.Services.AddAntiforgery();
builder.Services.AddAuthentication().AddCookie(static options =>
{
    options.LoginPath = SignIn.Path;
    options.AccessDeniedPath = SignIn.Path;
    options.ExpireTimeSpan = TimeSpan.FromHours(8);
    options.SlidingExpiration = false;
});
builder.Services.AddAuthorizationBuilder().AddPolicy(SignIn.Policy, static policy => policy
    .AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme)
    .RequireRole(SignIn.Role));

// The keys of the cookies live as long as this process. An application with several replicas stores them where all of them find them.
builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider().DisableAutomaticKeyGeneration();

var app = builder.Build();
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    StatusCodeSelector = static e => IsOutage(e) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,

    // The balancer's log and metrics tell of an outage. One stack trace for each request would hide them.
    SuppressDiagnosticsCallback = static context => IsOutage(context.Exception),
});
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();

app.MapGet("/", static () => Results.Redirect("/load-balancing"));
app.MapGet("/products", static (CatalogClient catalog, CancellationToken cancellationToken) => catalog.GetProductsAsync(cancellationToken));
app.MapGet("/products/{id:int}", static async (int id, CatalogClient catalog, CancellationToken cancellationToken) =>
    await catalog.FindProductAsync(id, cancellationToken) is { } product ? Results.Ok(product) : Results.NotFound());

// An orchestrator asks whether this process lives. The state of the catalog is no reason to restart it, so it has an address of its own.
app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = static _ => false });
app.MapHealthChecks("/health");
app.MapPrometheusScrapingEndpoint();

SignIn.Map(app);
app.MapLoadBalancing("/load-balancing", static options => options.AllowChanges = true).RequireAuthorization(SignIn.Policy);
app.Run();

// The catalog has failed, or the resilience handler has given up. Neither is a fault of this application.
static bool IsOutage(Exception e) => e is HttpRequestException or ExecutionRejectedException;
