using ClientSideLb.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Health;

/// <summary>
/// A client for probes: with the balanced client's own primary handler, so that certificates and proxies are the same, and its own headers
/// and versions, but without the handlers in between. It lives as long as the container, whatever handlers the factory replaces.
/// </summary>
internal sealed class ProbeClient : IDisposable
{
    private readonly IServiceScope _scope;

    internal ProbeClient(string clientName, IServiceProvider services)
    {
        _scope = services.CreateScope();
        var options = _scope.ServiceProvider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(clientName);
        var builder = _scope.ServiceProvider.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = clientName;
        foreach (var configure in options.HttpMessageHandlerBuilderActions)
        {
            configure(builder);
        }

        // A probe has its own timeout.
        Http = new HttpClient(Redirects.Around(builder.PrimaryHandler), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        foreach (var configure in options.HttpClientActions)
        {
            configure(Http);
        }
    }

    internal HttpClient Http { get; }

    public void Dispose()
    {
        Http.Dispose();
        _scope.Dispose();
    }
}
